// The buttons under the thumb: focus, FIRE, the run. Which of them is of use follows from the state of the box; one
// that is not says why when it is tapped. The box itself decides what it does.

import { acceptFocus, clearFocus, endExposure, fire, focus, run, say } from "./actions.js";
import { html, nothing } from "./vendored/lit-html.js";
import { state } from "./store.js";

/** @typedef {import("./types.js").Status} Status */

const NOT_DIALLED = "Focus is not dialled in yet.";

/**
 * A button that is of no use now says why instead of acting.
 * @param {string} name
 * @param {string} classes
 * @param {string} why "" if it acts
 * @param {() => unknown} work
 * @param {boolean} [isBusy]
 */
function button(name, classes, why, work, isBusy = false) {
  return html`<button
    type="button"
    class=${classes}
    ?disabled=${isBusy}
    aria-disabled=${why ? "true" : nothing}
    title=${why || nothing}
    @click=${() => (why ? say(why, "refused") : work())}
  >
    ${name}
  </button>`;
}

/** @param {Status} status */
export function deck(status) {
  return html`<section class="deck" aria-label="Actions">
    <div class="side">${focusButtons(status)}</div>
    ${fireButton(status)}
    <div class="side">${runButtons(status)}</div>
  </section>`;
}

/** @param {Status} status */
function fireButton(status) {
  const isBulb = status.exposing !== null;
  const needsFocus = status.interlock && status.focus !== "DIALLED_IN" && status.mode !== "continuous";
  const isReady = isBulb || (!needsFocus && status.release === "IDLE");
  const why = needsFocus ? NOT_DIALLED : isReady ? "" : "Something is in progress.";
  return html`<button
    type="button"
    class="fire ${isReady ? "ready" : "waiting"}"
    ?disabled=${state.busy.has("fire")}
    title=${why || nothing}
    @click=${isBulb ? endExposure : fire}
  >
    <span>${isBulb ? "END" : "FIRE"}</span>${isBulb ? html`<small>exposure</small>` : nothing}
  </button>`;
}

/** @param {Status} status */
function focusButtons(status) {
  const isFactory = status.back_button_focus === false;
  const isBusy = state.busy.has("focus");
  const why =
    status.run !== null && status.release !== "PAUSED" ? "Focus is locked during a run; pause first." : "";
  const main =
    status.focus === "TRIMMING"
      ? button("Focus is set", "tall", why, acceptFocus, isBusy)
      : button(isFactory ? "Focus now" : "Focus is set", "tall", why, focus, isBusy);
  const nothingToClear = status.focus === "UNFOCUSED" ? "Focus is not dialled in; there is nothing to clear." : why;
  return html`${main} ${button("Clear", "", nothingToClear, clearFocus)}`;
}

/** @param {Status} status */
function runButtons(status) {
  if (status.fault !== null) return button("Clear fault", "tall", "", () => run("clear"), state.busy.has("clear"));
  const isIdle = status.release === "IDLE";
  const isRun = status.run !== null;
  const isPaused = status.release === "PAUSED";
  const stop = button(
    "Stop",
    "",
    isIdle && !isRun ? "Nothing is running." : "",
    () => run("stop"),
    state.busy.has("stop"),
  );
  if (isPaused) return html`${button("Resume", "tall", "", () => run("resume"), state.busy.has("resume"))} ${stop}`;
  if (isRun) return html`${button("Pause", "tall", "", () => run("pause"), state.busy.has("pause"))} ${stop}`;
  const why = !isIdle
    ? "A frame is being taken."
    : status.interlock && status.focus !== "DIALLED_IN"
      ? NOT_DIALLED
      : "";
  return html`${button("Start run", "tall", why, () => run("start"), state.busy.has("start"))} ${stop}`;
}
