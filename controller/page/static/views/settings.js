// All settings, by section, from the facts that the daemon tells about each. Knows no setting by name. Besides: what
// belongs to this phone, its look and its pairing.

import { act, saveSettings } from "../actions.js";
import { control } from "../fields.js";
import { post } from "../http.js";
import { call, leave } from "../link.js";
import { html, nothing } from "../vendored/lit-html.js";
import { chooseNight } from "../look.js";
import { readPhones, readSettings } from "../readings.js";
import { state, update } from "../store.js";
import { capital } from "../words.js";
import { noteForgotten } from "./pair.js";

/** @typedef {import("../types.js").Setting} Setting */

const NIGHT = /** @type {const} */ ({ auto: "By sun", always: "Always", never: "Never" });

/** What is about to be done for good, until it is tapped a second time. */
const sure = { what: "" };
const SURE_MS = 5000;

/** @param {import("../types.js").BoxState} box */
export function view({ status }) {
  if (!state.hasAllSettings) return html`<p role="status">Reading the settings…</p>`;
  /** @type {Map<string, Setting[]>} */
  const sections = new Map();
  for (const row of state.settings.values()) {
    const name = row.key.slice(0, row.key.indexOf("."));
    sections.set(name, [...(sections.get(name) ?? []), row]);
  }
  return html`<div class="settings-view">
    ${unsaved(status.unsaved)} ${night()}
    ${[...sections].map(([name, rows]) => section(name, rows, status.run !== null))} ${phones()}
  </div>`;
}

/** @param {string[]} keys */
function unsaved(keys) {
  if (keys.length === 0) return nothing;
  return html`<section class="offer" aria-label="Not saved">
    <p><strong>Lost at power-off:</strong> ${keys.join(", ")}</p>
    <button type="button" class="wide" ?disabled=${state.busy.has("save")} @click=${saveSettings}>
      Save (keeps after power-off)
    </button>
  </section>`;
}

function night() {
  return html`<section aria-labelledby="look">
    <h2 id="look">This page</h2>
    <fieldset class="choice">
      <legend>Red on black</legend>
      <div class="words">
        ${Object.entries(NIGHT).map(([choice, name]) => {
          const it = /** @type {keyof typeof NIGHT} */ (choice);
          const isChosen = state.nightChoice === it;
          return html`<label class=${isChosen ? "chosen" : ""}
            ><input type="radio" name="night" .checked=${isChosen} @change=${() => chooseNight(it)} /><span
              >${name}</span
            ></label
          >`;
        })}
      </div>
    </fieldset>
    ${state.nightChoice === "auto" && state.sun ? html`<p class="soft">${capital(state.sun.text)}</p>` : nothing}
  </section>`;
}

/** @param {string} name @param {Setting[]} rows @param {boolean} isRunning */
function section(name, rows, isRunning) {
  const changed = rows.filter((row) => row.value !== row.default).length;
  return html`<details class="section">
    <summary>
      <h2>${capital(name)}</h2>
      <span>${changed ? `${changed} changed` : ""}</span>
    </summary>
    ${rows.map((row) => setting(row, isRunning))}
  </details>`;
}

/** @param {Setting} row @param {boolean} isRunning */
function setting(row, isRunning) {
  const { key, help, value, restart, shapes_run } = row;
  const remarks = [
    value === row.default ? "the default" : `default ${row.default}`,
    row.origin,
    ...(restart ? ["takes effect at the next start"] : []),
    ...(shapes_run && isRunning ? ["cannot be changed during a run"] : []),
  ];
  return html`<div class="setting">
    ${control(row)}
    <p>${capital(help)}</p>
    <p class="soft"><code>${key}</code> ${remarks.join(", ")}</p>
    ${
      value === row.default && row.origin === "built-in"
        ? nothing
        : html`<button type="button" class="quiet" @click=${() => reset(key)}>
            Reset<span class="spoken"> ${key}</span>
          </button>`
    }
  </div>`;
}

/** @param {string} key */
function reset(key) {
  const work = async () => {
    const reply = await call("settings.reset", { key });
    await readSettings();
    return { did: `${reply.key} is ${reply.value}` };
  };
  return act(`reset ${key}`, work);
}

function phones() {
  const rows = state.phones ?? [];
  return html`<section aria-labelledby="phones">
    <h2 id="phones">Paired phones</h2>
    <ul class="rows">
      ${rows.map(
        ({ name, number }) =>
          html`<li>
            <span>${name}</span>
            ${twice(`phone ${number}`, "Remove", `Remove ${name}`, () => remove(number))}
          </li>`,
      )}
    </ul>
    ${twice("forget", "Forget this phone", "Forget this phone", forget)}
  </section>`;
}

/**
 * A button that asks once more before it acts.
 * @param {string} what
 * @param {string} name
 * @param {string} label
 * @param {() => unknown} work
 */
function twice(what, name, label, work) {
  const isAsked = sure.what === what;
  const tap = () => {
    sure.what = isAsked ? "" : what;
    update();
    setTimeout(() => {
      if (sure.what === what) sure.what = "";
      update();
    }, SURE_MS);
    if (isAsked) work();
  };
  return html`<button
    type="button"
    class=${isAsked ? "danger" : ""}
    aria-label=${isAsked ? `${label}: really?` : label}
    @click=${tap}
  >
    ${isAsked ? "Really?" : name}
  </button>`;
}

/** @param {number} number */
function remove(number) {
  const work = async () => {
    const reply = await call("pairing.remove", { number });
    await readPhones();
    return reply;
  };
  return act("remove", work);
}

function forget() {
  const work = async () => {
    await post("/unpair", {});
    noteForgotten();
    leave("");
  };
  return act("forget", work);
}
