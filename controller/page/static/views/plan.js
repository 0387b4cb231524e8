// The plan: presets, interval, count and exposure, and what the daemon says of a run with them, drawn. Also the sun
// and the place. Every verdict is the daemon's; entries are sent as they are.

import { act, run, saveSettings, say } from "../actions.js";
import { splitPlace } from "../coordinates.js";
import { frameDrawing, runDrawing } from "../drawing.js";
import { set, shown } from "../drafts.js";
import { stepCount, stepExposure, stepInterval } from "../durations.js";
import { choice, stepper } from "../fields.js";
import { call } from "../link.js";
import { html, nothing } from "../vendored/lit-html.js";
import { readPresets } from "../readings.js";
import { state, update } from "../store.js";
import { capital } from "../words.js";

const DRIVES = /** @type {const} */ (["single", "burst", "bulb", "bracket"]);
const OWN_NAME = { text: "" };
const PLACE = { text: "" };

/** @param {import("../types.js").BoxState} box */
export function view(box) {
  if (!state.hasAllSettings) return html`<p role="status">Reading the settings…</p>`;
  return html`<div class="plan-view">
    <div class="column">
      ${presets()}
      <section aria-labelledby="steps">
        <h2 id="steps">Run</h2>
        ${stepper("interval.every", "A frame every", stepInterval)}
        ${stepper("interval.count", "Frames", stepCount, (text) => (text === "0" ? "until stopped" : ""))}
        ${choice("shot.drive", "Drive", DRIVES)}
        ${shown("shot.drive") === "bulb" ? stepper("shot.exposure", "Exposure", stepExposure) : nothing}
      </section>
    </div>
    <div class="column">${verdict(box)} ${unsaved(box)} ${sun()} ${place()}</div>
  </div>`;
}

function presets() {
  const rows = state.presets?.presets ?? [];
  return html`<section aria-labelledby="presets">
    <h2 id="presets">Presets</h2>
    <div class="chips">
      ${rows.map(
        ({ name, does }) =>
          html`<button
            type="button"
            class="chip"
            aria-pressed=${String(state.presets?.last === name)}
            ?disabled=${state.busy.has("preset")}
            @click=${() => apply(name)}
          >
            <b>${name}</b><span>${does}</span>
          </button>`,
      )}
    </div>
    <details>
      <summary>Keep or mark presets</summary>
      <form class="line" @submit=${keepPreset}>
        <label for="preset-name">Keep what is set now as</label>
        <input
          id="preset-name"
          type="text"
          autocomplete="off"
          autocapitalize="off"
          spellcheck="false"
          .value=${OWN_NAME.text}
          @input=${(/** @type {InputEvent} */ event) => (OWN_NAME.text = /** @type {HTMLInputElement} */ (event.target).value)}
        />
        <button type="submit">Keep</button>
      </form>
      <p class="soft">Holding the box's run button for 1.5 s steps through the marked ones.</p>
      <ul class="rows">
        ${rows.map(
          (row) =>
            html`<li>
              <span><b>${row.name}</b> ${row.number === null ? "" : `number ${row.number}`}</span>
              <button type="button" @click=${() => mark(row)}>${row.number === null ? "Mark" : "Unmark"}</button>
              ${row.built_in ? nothing : html`<button type="button" @click=${() => remove(row.name)}>Delete</button>`}
            </li>`,
        )}
      </ul>
    </details>
    ${(state.presets?.faults ?? []).map((fault) => html`<p class="warning">${capital(fault)}</p>`)}
  </section>`;
}

/** @param {string} name */
function apply(name) {
  const work = async () => {
    const reply = await call("preset.apply", { name });
    await readPresets();
    const changed = Object.entries(reply.values).map(([key, value]) => `${key} ${value}`);
    return {
      did: [`Preset ${name}: ${changed.join(", ") || "all was set so already"}.`, ...reply.warnings].join(" "),
    };
  };
  return act("preset", work, { refused: "Nothing was changed" });
}

/** @param {string} method @param {Record<string, unknown>} params */
function onPresets(method, params) {
  const work = async () => {
    const reply = await call(method, params);
    await readPresets();
    return reply;
  };
  return act(method, work);
}

/** @param {SubmitEvent} event */
async function keepPreset(event) {
  event.preventDefault();
  if (await onPresets("preset.save", { name: OWN_NAME.text.trim() })) OWN_NAME.text = "";
  update();
}

/** @param {import("../types.js").Preset} preset */
function mark({ name, number }) {
  return onPresets("preset.mark", { name, is_marked: number === null });
}

/** @param {string} name */
function remove(name) {
  return onPresets("preset.delete", { name });
}

/** @param {import("../types.js").BoxState} box */
function verdict({ status }) {
  const { plan, planText } = state;
  if (plan === null) {
    return planText === ""
      ? nothing
      : html`<section>
          <h2>Plan</h2>
          <p class="refusal">${capital(planText)}</p>
        </section>`;
  }
  const sentences = plan.lines.filter(
    (line) => !line.startsWith(" ") && !plan.refusals.includes(line) && !plan.warnings.includes(line),
  );
  const isRefused = plan.refusals.length > 0;
  const isIdle = status.run === null && status.release === "IDLE";
  return html`<section class="verdict" aria-labelledby="verdict" aria-live="polite">
    <h2 id="verdict">${isRefused ? "The box would refuse this" : "This works"}</h2>
    ${plan.refusals.map((text) => html`<p class="refusal">${capital(text)}</p>`)}
    ${plan.warnings.map((text) => html`<p class="warning"><strong>Warning</strong> ${capital(text)}</p>`)}
    ${night(plan)} ${frameDrawing(plan)} ${runDrawing(plan)}
    ${sentences.filter((line) => !isTold(line, plan)).map((line) => html`<p>${capital(line)}</p>`)}
    <button
      type="button"
      class="main wide"
      ?disabled=${isRefused || !isIdle || state.busy.has("start")}
      @click=${() => run("start")}
    >
      ${isIdle ? "Start run" : "A run or a frame is in progress"}
    </button>
  </section>`;
}

/** The exposures of the run over time, where they change: the daemon's own picture. @param {import("../types.js").Plan} plan */
function night({ ramp }) {
  if (ramp === null) return nothing;
  return html`<figure class="picture fitting">
    <img
      src=${`/plan.svg?${state.plansRead}`}
      alt="Picture of the run: each exposure over time, with the sun, the interval and what to set by hand"
    />
  </figure>`;
}

/** Whether a line of the plan says again what is shown as a refusal or a warning. @param {string} line @param {import("../types.js").Plan} plan */
function isTold(line, plan) {
  return [...plan.refusals, ...plan.warnings].some((text) => line.endsWith(text));
}

/** @param {import("../types.js").BoxState} box */
function unsaved({ status }) {
  if (status.unsaved.length === 0) return nothing;
  return html`<section class="offer" aria-labelledby="unsaved">
    <p id="unsaved"><strong>Lost at power-off:</strong> ${status.unsaved.join(", ")}</p>
    <button type="button" class="wide" ?disabled=${state.busy.has("save")} @click=${saveSettings}>
      Save (keeps after power-off)
    </button>
  </section>`;
}

function sun() {
  const it = state.sun;
  if (it === null) return nothing;
  const times = /** @type {const} */ ([
    ["Dawn", it.dawn],
    ["Sunrise", it.sunrise],
    ["Sunset", it.sunset],
    ["Dusk", it.dusk],
  ]);
  return html`<section aria-labelledby="sun">
    <h2 id="sun">Sun today</h2>
    ${
      it.date === undefined
        ? nothing
        : html`<dl class="sun">
            ${times.map(
              ([name, time]) =>
                html`<div>
                  <dt>${name}</dt>
                  <dd>${time ?? "none"}</dd>
                </div>`,
            )}
          </dl>`
    }
    <p>${capital(it.text)} ${it.zone ?? ""}</p>
  </section>`;
}

function place() {
  const [latitude, longitude] = ["site.latitude", "site.longitude"].map(
    (key) => state.settings.get(key)?.value ?? "",
  );
  return html`<section aria-labelledby="place">
    <h2 id="place">Place</h2>
    <p>${latitude === "unset" ? "The box does not know where it is." : `${latitude}, ${longitude}`}</p>
    <form class="line" @submit=${setPlace}>
      <label for="coordinates">Paste coordinates, in any usual form</label>
      <input
        id="coordinates"
        type="text"
        autocomplete="off"
        autocapitalize="off"
        spellcheck="false"
        placeholder="like 47.37, 8.54"
        .value=${PLACE.text}
        @input=${(/** @type {InputEvent} */ event) => (PLACE.text = /** @type {HTMLInputElement} */ (event.target).value)}
      />
      <button type="submit">Set place</button>
    </form>
  </section>`;
}

/** @param {SubmitEvent} event */
async function setPlace(event) {
  event.preventDefault();
  const halves = splitPlace(PLACE.text);
  if (halves === null) {
    say("These are not two coordinates; paste them like 47.37, 8.54 or 47°22'N 8°32'E.", "refused");
    return;
  }
  await set("site.latitude", halves[0]);
  await set("site.longitude", halves[1]);
  const troubles = ["site.latitude", "site.longitude"].map((key) => state.drafts.get(key)?.trouble ?? null);
  for (const key of ["site.latitude", "site.longitude"]) state.drafts.delete(key);
  const trouble = troubles.find((text) => text !== null);
  if (trouble === undefined) PLACE.text = "";
  say(trouble ?? `The place is set: ${halves.join(", ")}`, trouble === undefined ? "did" : "refused");
}
