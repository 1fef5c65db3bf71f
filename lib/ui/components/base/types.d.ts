// What the checker knows beside the scripts themselves: how Streamlit calls a component, and what a selector finds.

/** What Streamlit hands to a component's default export, at the first call and at every later one. */
export interface Component<Data> {
  name: string;
  key: string;
  data: Data;
  parentElement: ShadowRoot;
  /** Keep a value under this name; the page runs again. */
  setStateValue(name: string, value: unknown): void;
  /** Say something once; the page runs again. */
  setTriggerValue(name: string, value: unknown): void;
}

/** The language of a part of the page, and its words by name. */
export interface Worded {
  lang: string;
  words: Record<string, string | string[]>;
}

/** A sentence of these words by its name, with values in its places. */
export type Say = (name: string, values?: Record<string, unknown>) => string;

type LastPart<S extends string> = S extends `${string} ${infer Rest}` ? LastPart<Rest> : S;
type Bare<S extends string> = S extends `${infer Tag}${"." | "[" | ":" | "#"}${string}` ? Tag : S;

/** What a selector finds, by the tag that it ends with: "ol li.row" finds a HTMLLIElement, ".row" some HTMLElement. */
export type Found<S extends string> =
  Bare<LastPart<S>> extends infer Tag
    ? Tag extends keyof HTMLElementTagNameMap
      ? HTMLElementTagNameMap[Tag]
      : Tag extends keyof SVGElementTagNameMap
        ? SVGElementTagNameMap[Tag]
        : HTMLElement
    : never;

/** A value of an attribute, as the browser writes it down. */
export type Written = string | number | boolean;

/** A mark in a live curve: the learning rate was changed there. */
export interface Mark {
  at: number;
  learning_rate: number;
}

/** What Plotly is asked to do. */
export type PlotWay = "newPlot" | "react" | "update" | "restyle" | "relayout" | "extendTraces";

/** A box that Plotly draws in. */
export interface Plot extends HTMLElement {
  layout?: { xaxis: { range: [number, number] } };
  on(event: string, heard: (change: Record<string, number>) => void): void;
}

/** The part of Plotly that is used here. */
export type PlotlyLibrary = Record<PlotWay, (plot: Plot, ...what: unknown[]) => Promise<unknown>> & {
  Plots: { resize(plot: Plot): void };
  purge(plot: Plot): void;
};

declare global {
  interface Window {
    Plotly?: PlotlyLibrary;
    glasshousePlotly?: Promise<PlotlyLibrary>;
    glasshouseRunStreams?: Map<string, import("./stream.js").RunStream>;
    glasshouseChorus?: import("./chorus.js").Chorus;
    glasshouseWords?: Record<string, Record<string, string>>; // by language: what a page says by itself
    glasshouseVoice?: import("./voice.js").Voice;
  }
  interface Element {
    // The browser writes numbers and booleans down by itself.
    setAttribute(name: string, value: Written): void;
    closest<S extends string>(selector: S): Found<S> | null;
  }
  interface ParentNode {
    querySelector<S extends string>(selector: S): Found<S> | null;
    querySelectorAll<S extends string>(selector: S): NodeListOf<Found<S>>;
  }
  interface HTMLCollection {
    // The children that components number are elements of HTML.
    readonly [index: number]: HTMLElement;
    [Symbol.iterator](): ArrayIterator<HTMLElement>;
  }
  interface CSSStyleDeclaration {
    setProperty(name: string, value: string | number): void;
  }
}

/** One epoch that is over; 0 is the untrained net. */
export interface Epoch {
  epoch: number;
  seconds?: number | null;
  train_loss?: number | null;
  train_accuracy?: number | null;
  valid_loss?: number | null;
  valid_accuracy?: number | null;
  /** False: validation on a sample, between epochs. */
  whole?: boolean;
}

/** How far a run is. */
export interface RunStatus {
  state: string;
  epoch: number;
  epochs: number;
  step: number;
  seconds: number;
  progress: number;
  learning_rate: number;
  precision?: string | null;
  speedup?: number | null;
  steps_per_epoch?: number | null;
  samples_per_second?: number | null;
  seconds_left?: number | null;
  /** Other runs on the same training threads. */
  waiting?: number | null;
  workers?: number | null;
  /** Seconds between two turns, where others have theirs in between. */
  turn_every?: number | null;
  message?: string | null;
}

/** What a net says about its strip of test pictures: [class index, probability] of each. */
export interface Glimpse {
  answers: [number, number][];
}
