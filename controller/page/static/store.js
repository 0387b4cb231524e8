// The page's state: one object, changed through `update` only, drawn once a screen frame; and what this browser keeps.
// Knows no network and no template.

/** @typedef {import("./types.js").BoxState} BoxState */

/**
 * @typedef {object} Notice
 * @property {string} text
 * @property {"did" | "refused"} kind
 * @property {string} title
 */

export const state = {
  /** @type {import("./types.js").Link} */
  link: "opening",
  /** Why the box cannot be reached, in the server's words; "" where nothing is known. */
  linkText: "",
  /** @type {BoxState | null} */
  box: null,
  /** When that state came, by the browser's monotonic clock, in ms. */
  boxAt: 0,
  view: "box",
  /** What stands behind the view in the address, like the number of a run. */
  detail: "",
  /** @type {Notice | null} */
  notice: null,
  /** What a screen reader is told besides. */
  spoken: "",
  /** The commands that wait for their answer, by name. @type {Set<string>} */
  busy: new Set(),
  /** What lately was refused, skipped or said, the newest first. @type {string[]} */
  lately: [],
  /** The settings that have been read. @type {Map<string, import("./types.js").Setting>} */
  settings: new Map(),
  hasAllSettings: false,
  /** @type {Map<string, import("./types.js").Draft>} */
  drafts: new Map(),
  /** @type {import("./types.js").Clock | null} */
  clock: null,
  /** @type {import("./types.js").Sun | null} */
  sun: null,
  /** @type {import("./types.js").Presets | null} */
  presets: null,
  /** @type {import("./types.js").Plan | null} */
  plan: null,
  /** How many plans were read: each has its own picture. */
  plansRead: 0,
  /** Why there is no plan, in the daemon's words. */
  planText: "",
  /** @type {import("./types.js").Phone[] | null} */
  phones: null,
  /** @type {import("./types.js").LoggedRun[] | null} */
  runs: null,
  /** @type {import("./types.js").LoggedRun | null} */
  run: null,
  /** Why there is no log, in the daemon's words. */
  logText: "",
  /** @type {"auto" | "always" | "never"} */
  nightChoice: "auto",
  isNight: false,
};

/** @type {() => void} */
let draw = () => {};
let isDue = false;

/** Call `callback` whenever the state may have changed, at most once a screen frame. @param {() => void} callback */
export function drawWith(callback) {
  draw = callback;
}

/** Change the state, and draw it soon. @param {Partial<typeof state>} [patch] */
export function update(patch) {
  if (patch !== undefined) Object.assign(state, patch);
  if (isDue) return;
  isDue = true;
  requestAnimationFrame(() => {
    isDue = false;
    draw();
  });
}

/** What this browser keeps by that name; null if nothing, or if it keeps nothing. @param {string} name */
export function kept(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

/** Keep a text in this browser, where it lets us; null forgets it. @param {string} name @param {string | null} text */
export function keep(name, text) {
  try {
    if (text === null) localStorage.removeItem(name);
    else localStorage.setItem(name, text);
  } catch {
    // it is asked for again next time
  }
}
