// The layer kinds as lib/layers tells of them: {label, about, settings, belongs, endsMaps, convolves} by name. Settings
// are what a line says about its layer, in reading order: `mirror` repeats the number ("3×3"), `restsAt` is the value
// that goes without saying: the setting then shows on the selected line only.

export const KINDS = {};

/** Take over what the server knows. */
export const learnKinds = (kinds) => Object.assign(KINDS, kinds);
