// What Look inside is sent of a picture's way through a net; see `feature_maps` in Python.

import type { Worded } from "../base/types.js";
import type { Links } from "../page_net/feeding.js";

/** A layer and what it makes of the picture: maps, or single numbers where height and width are 1. */
export interface LayerData {
  name: string;
  kind: string;
  caption: string;
  channels: number;
  height: number;
  width: number;
  /** The numbers, 0 to 255 between the ends of their scale. */
  bytes: Uint8Array;
  /** The ends of the scale of all maps (one number), or of each. */
  low: ArrayLike<number>;
  high: ArrayLike<number>;
  links?: Links | null;
}

export interface PictureData {
  title?: string;
  caption?: string;
  png?: string;
  /** Where the net runs in the page. */
  pixels?: Uint8Array | null;
  turn?: number | null;
}

export interface AnswerData {
  classes: string[];
  probabilities: number[];
  truth?: number | null;
  strange?: boolean;
  links?: Links | null;
}

/** A map, a unit or (layer "answer") a class; the index from 0. */
export interface Place {
  layer: string;
  index: number;
}

export interface FeatureMapsData {
  worded: Worded;
  picture: PictureData;
  layers: LayerData[];
  answer: AnswerData;
  normalise: string;
  step: number | null;
  selected: Place | null;
  /** Whether something is always chosen, and an answer can be. */
  opens: boolean;
  net: { address: string; step: number | null; sheet: string | null } | null;
  where: string;
}
