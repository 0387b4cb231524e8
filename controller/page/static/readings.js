// What the page reads from the box besides its state: settings, clock, sun, presets, plan, log.
// Each reading asks, and puts the reply into the state. Changes nothing on the box.

import { noticeElsewhere } from "./drafts.js";
import { Refusal, sentence } from "./http.js";
import { call } from "./link.js";
import { followSun } from "./look.js";
import { state, update } from "./store.js";

const AGAIN_MS = 1000; // after no answer; where the link is lost, all is read anew when it is back
const PLAN_AFTER_MS = 120; // changes that come together are planned once
const LATELY = 5;
const LOG_COLUMNS = 40;

/** @type {ReturnType<typeof setTimeout> | undefined} */
let planSoon;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let sunAgain;

/** Read what the view that is shown needs. */
export async function readForView() {
  if (state.view !== "box" && state.view !== "log" && !state.hasAllSettings) await readSettings();
  if (state.view === "plan") await Promise.all([readPresets(), readPlan()]);
  if (state.view === "settings") await readPhones();
  if (state.view === "log") await (state.detail === "" ? readRuns() : readRun(state.detail));
}

/** Read everything anew after the link has come back. */
export async function readAll() {
  const settings = state.hasAllSettings ? readSettings() : readSetting("focus.min_hold");
  await Promise.all([settings, readClock(), readSun(), readForView()]);
}

/**
 * Ask, and use the reply; what is refused goes to `without`. A reading changes nothing, so it may be repeated.
 * @param {string} method
 * @param {Record<string, unknown>} params
 * @param {(reply: any) => void} use
 * @param {(text: string) => void} [without]
 */
async function read(method, params, use, without = () => {}) {
  try {
    use(await call(method, params));
  } catch (error) {
    if (error instanceof Refusal && error.word === "link") {
      setTimeout(() => state.link === "live" && void read(method, params, use, without), AGAIN_MS);
    } else {
      without(sentence(error));
    }
  }
}

export function readSettings() {
  return read("settings.show", {}, (rows) => {
    state.hasAllSettings = true;
    state.settings.clear();
    useSettings(rows);
  });
}

/** @param {string} key */
export function readSetting(key) {
  return read("settings.show", { section: key }, (rows) => useSettings(rows));
}

/** @param {import("./types.js").Setting[]} rows */
function useSettings(rows) {
  for (const row of rows) state.settings.set(row.key, row);
  noticeElsewhere();
}

export function readClock() {
  return read("clock", {}, (clock) => update({ clock }));
}

export function readSun() {
  clearTimeout(sunAgain);
  const use = (/** @type {import("./types.js").Sun} */ sun) => {
    update({ sun });
    followSun();
    const inMs = sun.changes_in_ns === null ? 600_000 : Math.min(600_000, sun.changes_in_ns / 1e6 + 1000);
    sunAgain = setTimeout(readSun, inMs);
  };
  return read("sun", {}, use, (text) => use({ is_down: null, changes_in_ns: null, text }));
}

export function readPresets() {
  return read("presets", {}, (presets) => update({ presets }));
}

export function readPlan() {
  clearTimeout(planSoon);
  planSoon = undefined;
  return read(
    "plan",
    {},
    (plan) => update({ plan, planText: "", plansRead: state.plansRead + 1 }),
    (text) => update({ plan: null, planText: text }),
  );
}

export function readPhones() {
  return read("pairing.list", {}, ({ phones }) => update({ phones }));
}

export function readRuns() {
  return read(
    "log",
    { columns: LOG_COLUMNS },
    ({ runs }) => update({ runs, logText: "" }),
    (text) => update({ runs: null, logText: text }),
  );
}

/** @param {string} number */
export function readRun(number) {
  if (state.run?.run !== Number(number)) update({ run: null });
  return read(
    "log",
    { run: Number(number), columns: LOG_COLUMNS },
    ({ runs }) => update({ run: runs[0], logText: "" }),
    (text) => update({ run: null, logText: text }),
  );
}

/** Take up an event of the box. @param {import("./types.js").BoxEvent} event */
export function took(event) {
  if (event.kind === "set") tookSettings(event.values ?? {});
  if (event.kind === "presets" || event.kind === "preset") void readPresets();
  if (event.kind === "pairing") void readPhones();
  if (event.kind === "said") void readClock();
  if (event.kind === "changed" && state.view === "log") void readForView();
  const isWorthIt = ["refused", "said", "preset"].includes(event.kind);
  const isLost = event.kind === "entered" && !["fired", "confirmed", "unconfirmed"].includes(event.outcome ?? "");
  if (isWorthIt || isLost) update({ lately: [event.text, ...state.lately].slice(0, LATELY) });
  const isAlone = state.box !== null && state.box.status.run === null;
  if (isWorthIt || isLost || (event.kind === "changed" && isAlone)) update({ spoken: event.text });
}

/** @param {Record<string, string>} values */
function tookSettings(values) {
  for (const [key, value] of Object.entries(values)) {
    const setting = state.settings.get(key);
    if (setting) state.settings.set(key, { ...setting, value });
  }
  noticeElsewhere();
  update();
  if (Object.keys(values).some((key) => key.startsWith("site."))) void Promise.all([readSun(), readClock()]);
  if (state.view !== "plan") return;
  clearTimeout(planSoon);
  planSoon = setTimeout(readPlan, PLAN_AFTER_MS);
}
