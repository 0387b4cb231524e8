// Steps of durations and counts, for the buttons - and +. Knows the form of the box's durations, no setting.
// The box itself checks every value.

const UNITS = { ns: 1, us: 1e3, ms: 1e6, s: 1e9, m: 60e9, h: 3600e9 };

/** Nanoseconds of a text like 1.5s or 1h30m, null for anything else. @param {string} text */
export function parseDuration(text) {
  const terms = [...text.replace(/\s/g, "").matchAll(/([\d.]+)(ns|us|ms|s|m|h)/g)];
  if (terms.map((term) => term[0]).join("") !== text.replace(/\s/g, "") || terms.length === 0) return null;
  return terms.reduce((sum, term) => sum + Number(term[1]) * UNITS[/** @type {keyof UNITS} */ (term[2])], 0);
}

/** A text that the box reads back: 90s, 2m, 1.5s. @param {number} ns */
export function formatDuration(ns) {
  if (ns >= 3600e9 && ns % 3600e9 === 0) return `${ns / 3600e9}h`;
  if (ns >= 60e9 && ns % 60e9 === 0) return `${ns / 60e9}m`;
  return ns >= 1e9 ? `${Number((ns / 1e9).toFixed(3))}s` : `${Number((ns / 1e6).toFixed(3))}ms`;
}

const S = 1e9;
/** Where each step of an interval begins: from 10 s on by 5 s, and so on. */
const INTERVAL_STEPS = [
  [0, 0.1 * S],
  [S, 0.5 * S],
  [3 * S, S],
  [20 * S, 5 * S],
  [60 * S, 15 * S],
  [300 * S, 60 * S],
  [3600 * S, 900 * S],
];
const COUNT_STEPS = [
  [0, 1],
  [10, 5],
  [50, 10],
  [100, 50],
  [500, 100],
  [2000, 500],
];
/** Exposures in third stops, as on a camera's dial, in seconds. */
const STOPS = [
  ...[1, 1.3, 1.6, 2, 2.5, 3.2, 4, 5, 6, 8, 10, 13, 15, 20, 25, 30, 40, 50, 60, 80, 100, 120, 160, 200, 240, 320],
  ...[400, 480, 640, 800, 960, 1280, 1600, 1920, 2560, 3200],
];

/** The next value on a scale whose steps grow. @param {number[][]} steps @param {number} value @param {1 | -1} way */
function along(steps, value, way) {
  const reached = steps.filter(([from]) => (way > 0 ? value >= from : value > from));
  const step = reached.length ? reached[reached.length - 1][1] : steps[0][1];
  const place = value / step;
  const next = way > 0 ? Math.floor(place + 1e-9) + 1 : Math.ceil(place - 1e-9) - 1;
  return Math.max(0, next * step);
}

/** The interval after this one, or before. @param {string} text @param {1 | -1} way */
export function stepInterval(text, way) {
  const ns = parseDuration(text);
  return ns === null ? text : formatDuration(Math.max(0.1 * S, Math.round(along(INTERVAL_STEPS, ns, way))));
}

/** The number of frames after this one, or before. @param {string} text @param {1 | -1} way */
export function stepCount(text, way) {
  const count = Number(text);
  return Number.isInteger(count) ? String(along(COUNT_STEPS, count, way)) : text;
}

/** The exposure a third of a stop longer, or shorter. @param {string} text @param {1 | -1} way */
export function stepExposure(text, way) {
  const ns = parseDuration(text);
  if (ns === null) return text;
  const seconds = ns / S;
  const next =
    way > 0 ? STOPS.find((stop) => stop > seconds + 1e-6) : STOPS.filter((stop) => stop < seconds - 1e-6).pop();
  if (next !== undefined) return formatDuration(next * S);
  return way < 0 && seconds <= 1 ? formatDuration(Math.max(1e6, Math.round((ns * 0.8) / 1e6) * 1e6)) : text;
}
