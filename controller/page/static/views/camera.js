// Which camera it is, and how its body is set up: the questions of the console's `setup`, one at a time.
// The menu steps and the verdict on a port are the daemon's; the answers become settings, saved together.

import { act, fire, focus, say } from "../actions.js";
import { post, sentence } from "../http.js";
import { call } from "../link.js";
import { html, nothing } from "../vendored/lit-html.js";
import { to } from "../shell.js";
import { state, update } from "../store.js";
import { capital } from "../words.js";

const FIND_AFTER_MS = 250;
const UNSET = "unset";

/**
 * @type {{step: "name" | "menu" | "again" | "af" | "confirm" | "try", name: string,
 *   found: import("../types.js").Found | null, ids: string[] | null, facts: import("../types.js").CameraFacts | null,
 *   model: string, half: string, continuous: string, text: string}}
 */
const setup = {
  step: "name",
  name: "",
  found: null,
  ids: null,
  facts: null,
  model: "",
  half: "",
  continuous: "",
  text: "",
};

/** @type {ReturnType<typeof setTimeout> | undefined} */
let findSoon;

/** @param {Partial<typeof setup>} patch */
function go(patch) {
  const isNewStep = patch.step !== undefined && patch.step !== setup.step;
  Object.assign(setup, { text: "", ...patch });
  update();
  if (isNewStep) requestAnimationFrame(() => document.getElementById("question")?.focus());
}

/** The walk of a proof, once somebody has opened it. @type {typeof import("./prove.js") | null} */
let prove = null;

let isOpened = false;

async function openProof() {
  if (isOpened) return;
  isOpened = true;
  try {
    prove = await import("./prove.js");
    await prove.read();
  } catch {
    isOpened = false;
    say("This part of the page did not come. Load the page anew.", "refused");
  }
}

/** @param {import("../types.js").BoxState} box */
export function view(box) {
  if (state.detail === "prove") return prove === null ? (void openProof(), nothing) : prove.view(box);
  const steps = { name: askName, menu: askHalfPress, again: askAgain, af: askMode, confirm, try: tryFrame };
  return html`<div class="camera-view">
    ${steps[setup.step](box)}
    ${setup.text ? html`<p class="refusal" role="alert">${capital(setup.text)}</p>` : nothing}
    ${
      setup.step === "name"
        ? nothing
        : html`<button type="button" class="wide quiet" @click=${() => go({ step: "name", facts: null })}>
            Begin again
          </button>`
    }
  </div>`;
}

/** @param {string} text */
function question(text) {
  return html`<h2 id="question" tabindex="-1">${text}</h2>`;
}

/** @param {import("../types.js").BoxState} box */
function askName({ says }) {
  const { found, ids } = setup;
  return html`<p>Now: ${says.camera}.</p>
    ${question("Which camera do you have? (e.g. D850)")}
    <div class="typed">
      <label for="camera-name">Its name, as printed on it</label>
      <input
        id="camera-name"
        type="text"
        autocomplete="off"
        autocapitalize="characters"
        spellcheck="false"
        .value=${setup.name}
        @input=${typed}
      />
    </div>
    <p role="status">${found === null ? "" : remark(found)}</p>
    ${found === null ? html`<a class="button wide quiet" href=${to("#camera/prove")}>Prove this camera</a>` : nothing}
    ${found === null ? nothing : bodies(found)}
    ${
      ids === null
        ? html`<button type="button" class="wide quiet" @click=${listPlugs}>Not there? Choose by plug</button>`
        : html`<ul class="bodies">
            ${ids.map(
              (id) =>
                html`<li>
                  <button type="button" @click=${() => choose(id, "")}><b>${id}</b></button>
                </li>`,
            )}
          </ul>`
    }`;
}

/** @param {import("../types.js").Found} found */
function remark({ fitting, text }) {
  if (fitting.length === 1) return "";
  return fitting.length > 1 ? "Which one is yours?" : capital(text);
}

/** @param {import("../types.js").Found} found */
function bodies({ fitting, near }) {
  const rows = fitting.length ? fitting : near;
  return html`<ul class="bodies">
    ${rows.map(
      (body) =>
        html`<li>
          <button type="button" ?disabled=${!body.usable} @click=${() => choose(body.name, body.name)}>
            <b>${body.name}</b><span>${body.usable ? `${body.profile}, ${body.why}` : capital(body.why)}</span>
          </button>
        </li>`,
    )}
  </ul>`;
}

/** @param {InputEvent} event */
function typed(event) {
  const name = /** @type {HTMLInputElement} */ (event.target).value;
  clearTimeout(findSoon);
  go({ name });
  if (name.trim() === "") return go({ found: null });
  findSoon = setTimeout(find, FIND_AFTER_MS);
}

async function find() {
  const { name } = setup;
  try {
    const found = await post("/find", { name: name.trim() });
    if (name === setup.name) go({ found });
  } catch (error) {
    go({ text: sentence(error) });
  }
}

async function listPlugs() {
  try {
    const rows = await call("cameras");
    go({
      ids: rows.map((/** @type {{id: string}} */ row) => row.id).filter((/** @type {string} */ id) => id !== ""),
    });
  } catch (error) {
    go({ text: sentence(error) });
  }
}

/** @param {string} profile a body's name or a port's @param {string} model "" if the body is not known */
async function choose(profile, model) {
  try {
    const facts = await call("cameras", { profile });
    if (!facts.guide.usable) return go({ text: facts.guide.why });
    go({ step: "menu", facts, model, half: "", continuous: "" });
  } catch (error) {
    go({ text: sentence(error) });
  }
}

function guide() {
  const { facts } = setup;
  if (facts === null) return nothing;
  const { head, menu, advice } = facts.guide;
  return html`<div class="guide">
    ${head.map((text) => html`<p>${text}</p>`)}
    <ol>
      ${menu.map((step) => html`<li>${step}</li>`)}
    </ol>
    <details>
      <summary>Also on the camera</summary>
      <ul>
        ${advice.map((text) => html`<li>${text}</li>`)}
      </ul>
    </details>
  </div>`;
}

/** @param {[string, () => unknown][]} rows */
function answers(rows) {
  return html`<div class="answers">
    ${rows.map(([name, work]) => html`<button type="button" @click=${work}>${name}</button>`)}
  </div>`;
}

function askHalfPress() {
  return html`${guide()}
  ${question("Do this on the camera, then half-press its shutter button: does the lens still focus?")}
  ${answers([
    ["Yes", () => go({ step: "again", half: "false" })],
    ["No", () => go({ step: "confirm", half: "true" })],
    ["Skip", () => go({ step: "confirm", half: "" })],
  ])}`;
}

function askAgain() {
  return html`${question("The menu step has not taken. Show it again, or use the camera as it is?")}
  ${answers([
    ["Show it again", () => go({ step: "menu", half: "" })],
    ["As it is", () => go({ step: "af" })],
  ])}`;
}

function askMode() {
  return html`${question("Is its AF mode AF-C or AI Servo? (The box's focus lock needs AF-S or One Shot.)")}
  ${answers([
    ["Yes", () => go({ step: "confirm", continuous: "true" })],
    ["No", () => go({ step: "confirm", continuous: "false" })],
    ["Skip", () => go({ step: "confirm", continuous: "" })],
  ])}`;
}

/** The settings that the answers ask for. */
function wanted() {
  const { facts, model, half, continuous } = setup;
  /** @type {[string, string][]} */
  const rows = model ? [["camera.model", model]] : [["camera.profile", facts?.id ?? ""]];
  if (half) rows.push(["camera.back_button_focus", half]);
  if (continuous) rows.push(["camera.continuous_af", continuous]);
  return rows;
}

function confirm() {
  const verdicts = {
    true: "Half-press does not move the lens: the box can fire, and the focus stays.",
    false: "Half-press focuses, so the box will hold a focus lock. Use AF-S or One Shot.",
    "": "You skipped the check: until the box knows whether half-press focuses, it may fire no frame.",
  };
  return html`<p>${verdicts[/** @type {keyof typeof verdicts} */ (setup.half)]}</p>
    <p>This will be set:</p>
    <ul class="plain">
      ${wanted().map(([key, value]) => html`<li>${key} <b>${value}</b></li>`)}
    </ul>
    ${question("Set and save this?")}
    ${answers([
      ["Set and save", () => act("setup", setAndSave, { refused: "The set-up is not complete" })],
      ["No", () => go({ step: "name" })],
    ])}`;
}

async function setAndSave() {
  for (const [key, value] of wanted()) {
    const was = state.settings.get(key)?.value ?? UNSET;
    await call("settings.set", { key, value, was });
  }
  await call("settings.save");
  go({ step: setup.half ? "try" : "name" });
  return { did: setup.half ? "It is set and saved." : "It is set and saved; the check is still to do." };
}

/** @param {import("../types.js").BoxState} box */
function tryFrame({ status }) {
  const isFactory = status.back_button_focus === false;
  const how = isFactory
    ? "tap Focus now, until the camera has focused"
    : "focus (AF-ON or the ring), then tap Focus is set";
  return html`${question("A test frame")}
    <p>With the camera plugged in, dial focus in: ${how}. Then fire a frame.</p>
    <div class="answers">
      <button type="button" ?disabled=${state.busy.has("focus")} @click=${focus}>
        ${isFactory ? "Focus now" : "Focus is set"}
      </button>
      <button type="button" class="main" ?disabled=${state.busy.has("fire")} @click=${test}>
        Fire a test frame
      </button>
    </div>
    <p class="soft">
      Is there a new picture? If not: is the plug in, is the camera on, is its drive set to single? Did the lens
      stay where it was?
    </p>
    <a class="button wide" href=${to("#box")}>Done</a>`;
}

async function test() {
  if (await fire())
    say("The frame is fired. Look at the camera: is there a new picture, and did the lens stay where it was?");
}
