// The layer kinds as lib/layers tells of them.

/** @typedef {string | number} Value of a setting */
/** @typedef {{kind: string} & Record<string, Value>} Layer */
/**
 * What a line says about its layer, in reading order: `noun` says what there are so many of ("8 filters"), `named` what
 * the number is ("rate 0.5"), `mirror` repeats it ("3×3"), `restsAt` is the value that goes without saying: the setting
 * then shows on the selected line only.
 * @typedef {{name: string, noun?: boolean, named?: boolean, mirror?: boolean, restsAt?: Value}} Setting
 */
/** @typedef {"among maps" | "after maps" | "anywhere" | "last"} Belongs */
/** @typedef {{settings: Setting[], belongs: Belongs, endsMaps: boolean, convolves: boolean}} Kind */
/** @typedef {{min: number, max: number, step: number, default: Value}} NumberLimit */
/** `titles` where they differ from the options. @typedef {{options: string[], titles?: Record<string, string>, default: Value}} ChoiceLimit */
/** @typedef {NumberLimit | ChoiceLimit} Limit */
/** Of every kind and setting. @typedef {Record<string, Record<string, Limit>>} Limits */

/** @type {Record<string, Kind>} */
export const KINDS = {};

/** Take over what the server knows. @param {Record<string, Kind>} kinds */
export const learnKinds = (kinds) => Object.assign(KINDS, kinds);
