// A net in the page.

/** One layer as the server says it: its settings by their names in set-ups, its shapes, and its weights. */
export interface NetLayer {
  name: string;
  kind: string;
  arrives: number[];
  comesOut: number[];
  weights: Float32Array[];
  activation?: string;
  kernel_size?: number;
  stride?: number;
  padding?: "same" | "valid";
  size?: number;
}

/** How a picture must be laid out to look like those that the net was trained on (lib.datasets.measured_rules). */
export interface Conventions {
  photo: boolean;
  light_ink: boolean;
  box: number;
  centring: "mass" | "box";
  scanned: boolean;
}

export interface PageNet {
  step: number;
  shape: [channels: number, height: number, width: number];
  scale: number;
  conventions: Conventions;
  layers: NetLayer[];
}

export interface Answers {
  [layer: string]: { shape: number[]; values: Float32Array };
}

export interface Said {
  answers: Answers;
  probabilities: number[];
}

/** A grey picture, row by row. */
export interface Grey {
  width: number;
  height: number;
  pixels: Uint8Array;
}
