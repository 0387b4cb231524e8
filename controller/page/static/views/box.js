// The first view: what the box does, in big type, and what one may ask of it. Shows the daemon's own sentences;
// counts times down between two states, and decides nothing.

import { run as ask, setClock } from "../actions.js";
import { contact, lamp } from "../icons.js";
import { html, nothing } from "../vendored/lit-html.js";
import { state, update } from "../store.js";
import { capital, phoneZone, span, zoneOf } from "../words.js";

/** @typedef {import("../types.js").BoxState} BoxState */

/** The parts that only some boxes and runs have a use for, once they are fetched. */
const parts = {
  /** @type {typeof import("./bench.js") | null} */
  bench: null,
  /** @type {typeof import("./by_hand.js") | null} */
  byHand: null,
};
/** What is being fetched. @type {Set<keyof typeof parts>} */
const fetched = new Set();
const AGAIN_MS = 1000;

const COLOURS = ["green", "amber", "red"];
const INTERRUPTED = /^a run (?:was interrupted before|that starts at .* was interrupted)/;

/** Nanoseconds since the box told its state. */
function sinceState() {
  return Math.max(0, performance.now() - state.boxAt) * 1e6;
}

/** @param {keyof typeof parts} name @param {() => Promise<any>} load */
function fetchPart(name, load) {
  if (fetched.has(name)) return;
  fetched.add(name);
  load().then(
    (part) => {
      parts[name] = part;
      update();
    },
    () => setTimeout(() => fetched.delete(name), AGAIN_MS),
  );
}

/** @param {import("../types.js").Status} status */
function isOfBulbs({ drive, run: it }) {
  return drive === "bulb" && it !== null && it.waits === null;
}

/** @param {BoxState} box */
export function view(box) {
  if (box.status.bench) fetchPart("bench", () => import("./bench.js"));
  if (isOfBulbs(box.status)) fetchPart("byHand", () => import("./by_hand.js"));
  return html`<div class="box-view">
    ${parts.byHand?.handStep(box)} ${lamps(box)} ${interrupted(box)} ${exposure(box)} ${run(box)}
    ${clockOffer()} ${contacts(box)} ${told(box)} ${facts(box)} ${box.status.bench ? parts.bench?.bench(box) : nothing}
  </div>`;
}

/** @param {BoxState} box */
function lamps({ status, says }) {
  const [focus, release] = says.state.split("; ");
  const looks = status.lamps;
  const count = status.warnings.length;
  const warned = count === 0 ? "No warning" : count === 1 ? "One warning, below" : `${count} warnings, below`;
  const ready = says.step ? "a hand-step waits" : focus + (status.lock ? ", focus lock on" : "");
  const sentences = [ready, release, status.fault ?? warned];
  return html`<ul class="lamps ${isOfBulbs(status) ? "in-run" : ""}" aria-label="The box's lamps and what they mean">
    ${COLOURS.map(
      (colour, k) =>
        html`<li>
          ${lamp(colour, looks[colour] ?? "dark")}
          <div><strong>${capital(sentences[k])}</strong><span>${colour} lamp ${looks[colour] ?? "dark"}</span></div>
        </li>`,
    )}
  </ul>`;
}

/** An exposure in progress; in a run of bulbs the panel stays between two of them. @param {BoxState} box */
function exposure({ status, says }) {
  const it = isOfBulbs(status) ? status.run : null;
  if (status.exposing === null && it === null) return nothing;
  const asked_ns = status.exposing?.asked_ns ?? 1;
  const elapsed_ns = status.exposing === null ? 0 : Math.min(asked_ns, status.exposing.elapsed_ns + sinceState());
  const rests = status.release === "PAUSED" ? "Paused" : "Between two frames";
  return html`<section class="panel" aria-labelledby="exposing">
    <h2 id="exposing">${status.exposing === null ? rests : "Exposing"}</h2>
    ${
      status.exposing === null
        ? it && parts.byHand?.following(it)
        : html`<p class="big">${span(elapsed_ns)} <small>of ${span(asked_ns)}</small></p>`
    }
    <progress max=${asked_ns} value=${elapsed_ns} aria-labelledby="exposing">${says.exposure}</progress>
    ${it && parts.byHand?.trim(it)}
  </section>`;
}

/** @param {BoxState} box */
function run(box) {
  const { status, says } = box;
  const it = status.run;
  if (it === null) return nothing;
  if (it.waits !== null) {
    return html`<section class="panel" aria-labelledby="run">
      <h2 id="run">A run is waiting</h2>
      <p>${capital(it.waits)}</p>
    </section>`;
  }
  const isNext = it.next_in_ns !== null && status.release !== "PAUSED";
  const ends = says.ends === null ? "" : `${capital(says.ends)} ${zoneOf(it.ends_at)}`;
  const counts = [
    `${it.fired} fired`,
    ...(it.confirmed === null ? [] : [`${it.confirmed} confirmed`, `${it.missed} missed`]),
    ...(it.suspected ? [`${it.suspected} suspected`] : []),
    `${it.skipped} skipped`,
  ];
  return html`<section class="panel run" aria-labelledby="run">
    <h2 id="run">${capital(says.frame ?? "The run")}</h2>
    ${
      isNext
        ? html`<p class="big" role="timer"><small>next in</small> ${span((it.next_in_ns ?? 0) - sinceState())}</p>`
        : nothing
    }
    ${it.count ? html`<progress max=${it.count} value=${it.fired + it.skipped} aria-labelledby="run"></progress>` : nothing}
    ${parts.byHand?.nextExposure(box)}
    <p>${counts.join(", ")}</p>
    <p>${ends}</p>
  </section>`;
}

/** @param {BoxState} box */
function contacts({ status }) {
  return html`<ul class="contacts" aria-label="The contacts to the camera">
    ${Object.entries(status.lines).map(
      ([name, look]) =>
        html`<li class=${look}>
          ${contact(look === "closed")}<span>${name.toUpperCase()} <b>${look}</b></span>
        </li>`,
    )}
  </ul>`;
}

/** What was refused last, what was skipped, and what to know: all in the daemon's words. @param {BoxState} box */
function told({ status, says }) {
  const last = says.last === null || state.lately.includes(says.last) ? state.lately : [says.last, ...state.lately];
  const warnings = status.warnings.filter((warning) => !INTERRUPTED.test(warning));
  const now = [says.hint, says.mirror, says.sync].filter((text) => text !== null && text !== undefined);
  return html`${now.map((text) => html`<p class="hint">${capital(text)}</p>`)}
  ${warnings.map((warning) => html`<p class="warning"><strong>Warning</strong> ${capital(warning)}</p>`)}
  ${
    last.length === 0
      ? nothing
      : html`<section aria-labelledby="lately">
          <h2 id="lately">Lately</h2>
          <ul class="lately">
            ${last.map((text) => html`<li>${capital(text)}</li>`)}
          </ul>
        </section>`
  }`;
}

/** @param {BoxState} box */
function facts({ says, status, phones }) {
  return html`<section aria-labelledby="set">
    <h2 id="set">Set-up</h2>
    <p>
      ${capital(says.camera)}. Technique ${status.mode}, drive ${status.drive}.
      ${phones > 1 ? `${phones} phones are paired.` : ""}
    </p>
    ${status.unsaved.length === 0 ? nothing : html`<p class="soft">Lost at power-off, until it is saved in Plan: ${status.unsaved.join(", ")}</p>`}
  </section>`;
}

function clockOffer() {
  if (state.clock === null || state.clock.is_trusted) return nothing;
  const now = new Date();
  const time = `${String(now.getHours()).padStart(2, "0")}:${String(now.getMinutes()).padStart(2, "0")}`;
  return html`<section class="offer" aria-labelledby="clock">
    <p id="clock"><strong>The box's clock is not set.</strong></p>
    <button type="button" class="wide" ?disabled=${state.busy.has("clock")} @click=${setClock}>
      Set it from this phone: ${time}, ${phoneZone()}
    </button>
  </section>`;
}

/** @param {BoxState} box */
function interrupted({ status }) {
  const sentence = status.run === null ? status.warnings.find((warning) => INTERRUPTED.test(warning)) : undefined;
  if (sentence === undefined) return nothing;
  return html`<section class="offer" aria-label="An interrupted run">
    <p><strong>${capital(sentence)}</strong></p>
    <div class="pair">
      <button type="button" @click=${() => ask("resume")}>Resume it</button>
      <button type="button" @click=${() => ask("stop")}>Drop it</button>
    </div>
  </section>`;
}
