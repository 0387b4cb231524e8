// The virtual bench: the box's three buttons, to try it without hardware. Shown only where the box says it is a bench.

import { press } from "../actions.js";
import { html } from "../vendored/lit-html.js";
import { state } from "../store.js";

const BUTTONS = ["back", "shutter", "run"];
const HOLD = "1s";

/** @param {import("../types.js").BoxState} box */
export function bench({ status }) {
  const isExposing = status.lines.shutter === "closed" || status.exposing !== null;
  return html`<section class="bench" aria-labelledby="bench">
    <h2 id="bench">Virtual bench</h2>
    <p>
      This is a virtual bench: its camera is simulated, nothing real is connected. Press the box's own buttons here.
    </p>
    <div class="camera-body ${isExposing ? "exposing" : ""}">
      <svg
        viewBox="0 0 120 72"
        role="img"
        aria-label=${isExposing ? "The camera is exposing" : "The camera is at rest"}
      >
        <path
          class="edge"
          d="M8 18h22l6-10h30l6 10h32a6 6 0 0 1 6 6v38a6 6 0 0 1-6 6H8a6 6 0 0 1-6-6V24a6 6 0 0 1 6-6z"
        />
        <circle class="edge" cx="52" cy="43" r="19" />
        <circle class="glass" cx="52" cy="43" r="11" />
        <rect class="edge" x="88" y="26" width="14" height="8" rx="2" />
      </svg>
      <p>${status.model ?? status.camera}</p>
    </div>
    <div class="bench-buttons">
      ${BUTTONS.map(
        (name) =>
          html`<div role="group" aria-label=${`The box's button ${name}`}>
            <b>${name}</b>
            <button type="button" ?disabled=${state.busy.has(`thumb ${name}`)} @click=${() => press(name)}>
              Tap
            </button>
            <button type="button" ?disabled=${state.busy.has(`thumb ${name}`)} @click=${() => press(name, HOLD)}>
              Hold 1 s
            </button>
          </div>`,
      )}
    </div>
  </section>`;
}
