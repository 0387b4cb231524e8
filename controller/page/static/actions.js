// What a finger asks of the box: each action is sent once, is busy until its answer, and ends in a sentence.
// The daemon decides what is possible; nothing is held open by the phone.

import { Refusal, sentence } from "./http.js";
import { call, command } from "./link.js";
import { state, update } from "./store.js";
import { isoTime, phoneZone } from "./words.js";

const LOCK_OUT_MS = 600; // the second tap of a double tap comes sooner
const NOTICE_MS = 7000;
const SHORTEST_HOLD = { true: "300ms", false: "2s" };

/** @type {ReturnType<typeof setTimeout> | undefined} */
let fading;

/** Show a sentence; what the box did fades by itself, a refusal stays until the next action. @param {string} text @param {"did" | "refused"} [kind] @param {string} [title] */
export function say(text, kind = "did", title = "") {
  clearTimeout(fading);
  update({ notice: { text, kind, title } });
  if (kind === "did") fading = setTimeout(hush, NOTICE_MS);
}

export function hush() {
  clearTimeout(fading);
  update({ notice: null });
}

/**
 * Do something once: while it waits for its answer, and for a moment after the tap, it is not done again.
 * @param {string} name
 * @param {() => Promise<any>} work
 * @param {{did?: string, refused?: string}} [words] what to say if the box says nothing; the title of a refusal
 */
export async function act(name, work, words = {}) {
  if (state.busy.has(name)) return false;
  state.busy.add(name);
  const lockOut = new Promise((done) => setTimeout(done, LOCK_OUT_MS));
  update({ notice: null });
  try {
    const reply = await work();
    const text = reply?.did ?? words.did ?? "";
    if (text !== "") say(text);
    return true;
  } catch (error) {
    const isUnheard = error instanceof Refusal && error.word === "link";
    say(sentence(error), "refused", isUnheard ? "No answer" : (words.refused ?? ""));
    return false;
  } finally {
    await lockOut;
    state.busy.delete(name);
    update();
  }
}

export function fire() {
  return act("fire", () => command("fire"), { refused: "Nothing was fired" });
}

/** End a bulb exposure. In a run `fire` does so and can fire nothing; outside `stop` does, for the same reason. */
export function endExposure() {
  return act("fire", () => command(state.box?.status.run ? "fire" : "stop"), { refused: "Nothing was ended" });
}

export function cut() {
  return act("cut", () => command("cut"), { did: "Cut: both contacts are open." });
}

/** The length of a timed focus: enough for the autofocus of a factory body, else as short as a hold may be. */
function holdLength() {
  const isSet = state.box?.status.back_button_focus !== false;
  const shortest = state.settings.get("focus.min_hold")?.value ?? SHORTEST_HOLD.true;
  return isSet ? shortest : SHORTEST_HOLD.false;
}

export function focus() {
  return act("focus", () => command("focus.hold", { duration: holdLength() }));
}

/** Accept a trimmed focus, as a tap of back does. */
export function acceptFocus() {
  return act("focus", () => command("focus.accept"));
}

export function clearFocus() {
  return act("clear focus", () => command("focus.clear"));
}

/** Start, pause, resume or stop a run, or clear a fault. @param {"start" | "pause" | "resume" | "stop" | "clear"} method */
export function run(method) {
  return act(method, () => command(method));
}

/** Press a button of the virtual bench. @param {string} button @param {string} [duration] a tap without one */
export function press(button, duration) {
  const work = () =>
    duration === undefined ? command("thumb.tap", { button }) : command("thumb.hold", { button, duration });
  return act(`thumb ${button}`, work);
}

/** Give the box this phone's zone, but not during a run; returns why it has no such zone, "" if it has. */
async function setZone() {
  const zone = (await call("settings.show", { section: "site.timezone" }))[0].value;
  if (zone === phoneZone() || state.box?.status.run !== null) return "";
  try {
    await call("settings.set", { key: "site.timezone", value: phoneZone(), was: zone });
    return "";
  } catch (error) {
    if (error instanceof Refusal && error.word === "value") return ` Its time zone is not: ${error.message}`;
    throw error;
  }
}

/** Give the box this phone's time and zone. */
export function setClock() {
  const work = async () => {
    const withoutZone = await setZone();
    const clock = await call("clock.set", { time: isoTime(new Date()) });
    update({ clock });
    return { did: clock.remark ?? `The box's clock is set: ${clock.local}.${withoutZone}` };
  };
  return act("clock", work, { refused: "The clock was not set" });
}

export function saveSettings() {
  const work = async () => {
    const { saved } = await call("settings.save");
    return { did: saved.length ? `Saved: ${saved.join(", ")}` : "Everything was saved before." };
  };
  return act("save", work);
}
