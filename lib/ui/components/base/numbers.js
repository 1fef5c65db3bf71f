// Numbers as people read them. A no-break space keeps "86.9 %" on one line.
export const NBSP = "\u00a0";

/** The page's language, in which numbers are written; `words.js` keeps it. */
export const spoken = { lang: "en" };

/** @type {Map<string, {whole: Intl.NumberFormat, point: string, group: string}>} */
const MANNERS = new Map();

/** How a language writes whole numbers, its decimal sign and what stands between thousands. */
export function manners(lang = spoken.lang) {
  let known = MANNERS.get(lang);
  if (!known) {
    const whole = new Intl.NumberFormat(lang, { maximumFractionDigits: 0, useGrouping: true });
    const parts = new Intl.NumberFormat(lang, { useGrouping: true }).formatToParts(12345.6);
    const sign = (/** @type {string} */ type) => parts.find((part) => part.type === type)?.value ?? "";
    known = { whole, point: sign("decimal"), group: sign("group") };
    MANNERS.set(lang, known);
  }
  return known;
}

/** "0.371" as the page's language writes it: "0,371". @param {string} text */
export const localized = (text) => text.replace(".", manners().point);

/** @param {unknown} value @returns {value is number} */
export const isNumber = (value) => typeof value === "number" && Number.isFinite(value);

/** One decimal, as Python writes it: exactly between two, the even one, so that sentences and tables agree. @param {number} value */
function tenths(value) {
  const written = value.toFixed(1);
  const between = Number.isInteger(value * 4) && !Number.isInteger(value * 2);
  return between && Number(written.at(-1)) % 2 ? (value - Math.sign(value) * 0.05).toFixed(1) : written;
}

const NEARLY_ALL = 0.995;

/** 0.8694 -> "86.9 %": two places from 99.5 % on, and 100.0 % only where nothing is missing, as in Python. @param {unknown} share */
export function percent(share) {
  if (!isNumber(share)) return "–";
  const nearly = share >= NEARLY_ALL && share < 1;
  const text = nearly ? (Math.floor(share * 10_000 + 1e-6) / 100).toFixed(2) : tenths(share * 100);
  return `${localized(text)}${NBSP}%`;
}

/** Three figures: 0.371, 2.31, 12.3; very large ones (a loss that explodes) as a power of ten. @param {unknown} value */
export function threeFigures(value) {
  if (!isNumber(value)) return "–";
  const size = Math.abs(value);
  if (size === 0) return localized("0.000");
  if (size >= 1e6) return localized(value.toExponential(1).replace("e+", "e"));
  if (size >= 1000) return manners().whole.format(value);
  if (size < 0.0001) return localized(value.toExponential(1));
  return localized(size < 1 ? value.toFixed(size < 0.01 ? 4 : 3) : value.toPrecision(3));
}

/** +0.492, −12.3, 0.000: three figures with the sign in front. @param {unknown} value */
export function signed(value) {
  if (!isNumber(value)) return "–";
  return `${value < 0 ? "−" : "+"}${threeFigures(Math.abs(value))}`;
}

/** Three figures with a real minus. @param {number} value */
export function plain(value) {
  return value < 0 ? signed(value) : threeFigures(value);
}

/** 34100 -> "34,100" @param {unknown} value */
export function count(value) {
  return isNumber(value) ? manners().whole.format(value) : "–";
}

/** Seconds as m:ss, or h:mm:ss from one hour on. @param {unknown} seconds */
export function clock(seconds) {
  if (!isNumber(seconds)) return "–";
  const whole = Math.max(0, Math.round(seconds));
  const two = (/** @type {number} */ n) => String(n).padStart(2, "0");
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}
