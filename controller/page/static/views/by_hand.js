// What the photographer does to a run of bulbs on the way: a hand-step that the box calls and a finger confirms, and
// the trim of its exposures. The box decides what both do. One tap confirms one hand-step, and only one that could be
// read. Fetched where there is such a run.

import { act } from "../actions.js";
import { command } from "../link.js";
import { html, nothing } from "../vendored/lit-html.js";
import { state, update } from "../store.js";
import { brief, capital, span } from "../words.js";

/** @typedef {import("../types.js").BoxState} BoxState */
/** @typedef {import("../types.js").Run} Run */

const READ_MS = 1000; // what has just come or moved on the page takes no tap meant for what was there before
const STATUS_MS = 3000; // after an answer of the box the next status surely shows what it did
const NEAR_NS = 2e9; // with less time until the next frame nobody should begin to set a camera
const SEND_AFTER_MS = 500; // several taps on a trim are sent as one
const THIRD = 2; // sixths of a stop
const LARGEST = 30;

/** The hand-step that is shown, as it is told; "" for none; and when that changed last. */
const shown = { step: "", at: -READ_MS };
/** The hand-step that the box took as done, until its status says so. */
const done = { step: "", at: 0 };
/** The trim that was tapped, until the box's status has it; null if none was. @type {{to: number | null, at: number}} */
const wanted = { to: null, at: 0 };
/** @type {ReturnType<typeof setTimeout> | undefined} */
let sendSoon;

/** The hand-step that waits: what to set, whether now, and Done. @param {BoxState} box */
export function handStep(box) {
  const step = box.status.run?.step ?? null; // an older box has none
  const told = step === null ? "" : (box.says.step ?? "");
  if (told !== shown.step) Object.assign(shown, { step: told, at: performance.now() });
  if (step === null) return nothing;
  const [name, what] = told.split(": ");
  const isTaken = done.step === told && performance.now() - done.at < STATUS_MS;
  return html`<section class="hand-step" aria-labelledby="hand-step">
    <h2 id="hand-step">${capital(name)}</h2>
    <p class="what">${capital(what)}</p>
    ${whether(box)}
    <button
      type="button"
      class="main wide"
      ?disabled=${isMoving() || isTaken || state.busy.has("step")}
      @click=${() => confirm(step.number, told)}
    >
      Done
    </button>
    <p>${capital(box.says.off ?? "the next picture is as planned")}.</p>
  </section>`;
}

/** Whether the page has just moved under a finger, because a hand-step came, changed or went. */
function isMoving() {
  return performance.now() - shown.at < READ_MS;
}

/** Whether to set the camera now, or to wait. @param {BoxState} box */
function whether({ status }) {
  const since_ns = Math.max(0, performance.now() - state.boxAt) * 1e6;
  const { exposing, release, run } = status;
  if (release === "PAUSED") return moment(true, "the run is paused");
  if (release !== "WAITING") {
    if (exposing === null) return moment(false, "taking a frame");
    return moment(false, `exposing, ${span(exposing.asked_ns - exposing.elapsed_ns - since_ns)} to go`);
  }
  if (!run || run.next_in_ns === null) return moment(true, "no frame is left");
  const next_ns = run.next_in_ns - since_ns;
  return moment(next_ns > NEAR_NS, `next frame in ${span(next_ns)}`);
}

/** @param {boolean} isNow @param {string} why */
function moment(isNow, why) {
  return html`<p class="moment ${isNow ? "now" : ""}"><b>${isNow ? "Now" : "Wait"}</b> ${why}</p>`;
}

/** @param {number} number @param {string} told */
function confirm(number, told) {
  const work = async () => {
    const reply = await command("step", { number });
    Object.assign(done, { step: told, at: performance.now() });
    return reply;
  };
  return act("step", work, { refused: "Nothing was confirmed" });
}

/** The trim of a run of bulb exposures: brighter or darker than planned. @param {Run} run */
export function trim(run) {
  if (run.trim === undefined) return nothing; // of an older box
  const isSent = sendSoon === undefined && !state.busy.has("trim");
  if (isSent && (wanted.to === run.trim || performance.now() - wanted.at > STATUS_MS)) wanted.to = null;
  const now = wanted.to ?? run.trim;
  const button = (/** @type {string} */ name, /** @type {number} */ to, /** @type {boolean} */ isIdle) =>
    html`<button type="button" ?disabled=${isMoving() || isIdle} @click=${() => want(to)}>${name}</button>`;
  return html`<div class="trim" role="group" aria-label="Trim of the exposures">
    <p>Trim: <b>${now === 0 ? "as planned" : stops(now)}</b></p>
    ${button("As planned", 0, now === 0)} ${button(`${stops(-THIRD)} darker`, now - THIRD, now <= -LARGEST)}
    ${button(`${stops(THIRD)} brighter`, now + THIRD, now >= LARGEST)}
  </div>`;
}

/** @param {number} sixths */
function want(sixths) {
  wanted.to = Math.max(-LARGEST, Math.min(LARGEST, sixths));
  clearTimeout(sendSoon);
  sendSoon = setTimeout(() => void send(), SEND_AFTER_MS);
  update();
}

async function send() {
  if (state.busy.has("trim")) {
    sendSoon = setTimeout(() => void send(), SEND_AFTER_MS);
    return;
  }
  sendSoon = undefined;
  const { to } = wanted;
  if (to === null || to === state.box?.status.run?.trim) return update();
  const isDone = await act("trim", () => command("trim", { stops: stops(to) }), { refused: "The trim stays as it was" });
  if (wanted.to !== to) return;
  Object.assign(wanted, { to: isDone ? to : null, at: performance.now() });
  update();
}

/** How long the next frame is exposed, in big type between two exposures. @param {Run} it */
export function following(it) {
  const next = it.next_in_ns === null ? "none" : it.exposure_ns === null ? "as set" : exposure(it.exposure_ns);
  return html`<p class="big"><small>next exposure</small> ${next}</p>`;
}

/** The same in the lines of the run, with what it misses of the plan. @param {BoxState} box */
export function nextExposure({ status: { run }, says }) {
  if (!run?.exposure_ns) return nothing;
  const trimmed = run.trim ? `, trimmed ${stops(run.trim)}` : "";
  const off = says.off && !says.step ? `${capital(says.off)}.` : ""; // at a hand-step it is said already
  return html`<p>Next exposure ${exposure(run.exposure_ns)}${trimmed}. ${off}</p>`;
}

/** An exposure: 574 ms, 4.6 s, 2m 30s. @param {number} ns */
function exposure(ns) {
  return ns < 1e9 ? brief(ns) : span(ns);
}

/** Sixths of a stop as the box writes and reads them: +1/3, -1, +2 2/3, 0. @param {number} sixths */
export function stops(sixths) {
  const [whole, rest] = [Math.floor(Math.abs(sixths) / 6), Math.abs(sixths) % 6];
  const part = ["", "1/6", "1/3", "1/2", "2/3", "5/6"][rest];
  const text = [whole || "", part].filter((each) => each !== "").join(" ");
  return text === "" ? "0" : `${sixths < 0 ? "-" : "+"}${text}`;
}
