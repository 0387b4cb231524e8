// Proves the camera: the box asks, closes its contacts for a moment, and is told what was seen. Fetched when somebody
// opens it. Which question comes next, and what follows from the answers, is the daemon's; so are all sentences.

import { act } from "../actions.js";
import { sentence } from "../http.js";
import { call, command } from "../link.js";
import { html, nothing } from "../vendored/lit-html.js";
import { to } from "../shell.js";
import { state, update } from "../store.js";
import { capital } from "../words.js";

/** @typedef {import("../types.js").Proof} Proof */

/** @type {{proof: Proof | null, outcome: import("../types.js").Proven | null, body: string | null, text: string}} */
const proving = { proof: null, outcome: null, body: null, text: "" };

/** The answers that are chosen so far, by what was asked. @type {Map<string, number | boolean | null>} */
const chosen = new Map();

/** Which question those are for. */
let chosenFor = "";

/** @param {Partial<typeof proving>} patch */
function go(patch) {
  const before = proving.proof;
  Object.assign(proving, { text: "", ...patch });
  const { proof } = proving;
  const question = proof === null ? "" : `${proof.number} ${proof.asked} ${proof.state}`;
  if (proof?.number !== before?.number) requestAnimationFrame(() => document.getElementById("question")?.focus());
  if (question !== chosenFor && proof?.state !== "playing") chosen.clear();
  chosenFor = question;
  update();
}

/** Read how far the proof is. */
export async function read() {
  try {
    go({ proof: await call("proof") });
  } catch (error) {
    if (proving.proof === null || state.notice === null) go({ text: sentence(error) }); // else that says enough
  }
}

let isReading = false;

/** Whether the link was lost since the proof was read: it may be elsewhere by now. */
let isStale = false;

/** The contacts are open again, or the link is back: read what is asked now. */
function readAgain() {
  if (isReading) return;
  isReading = true;
  isStale = false;
  void read().finally(() => {
    isReading = false;
    update();
  });
}

/** @param {import("../types.js").BoxState} box */
export function view(box) {
  const { proof, outcome, text } = proving;
  const isLive = state.link === "live";
  if (!isLive) isStale = true;
  const isOpenAgain = proof?.state === "playing" && box.status.release !== "PROVING";
  if (isOpenAgain || (isLive && isStale)) readAgain();
  return html`<div class="camera-view">
    ${proof === null ? html`<p role="status">One moment…</p>` : (outcome && told(outcome)) || asking(proof, box)}
    ${text ? html`<p class="refusal" role="alert">${capital(text)}</p>` : nothing}
    <a class="button wide quiet" href=${to("#camera")}>Leave; the answers are kept</a>
  </div>`;
}

/** @param {Proof} proof @param {import("../types.js").BoxState} box */
function asking(proof, box) {
  if (proof.state === "none") return begin(proof, box);
  if (proof.question === null) return over(proof);
  const { question } = proof;
  return html`<p class="soft">Question ${proof.number}. ${capital(proof.text)}</p>
    <h2 id="question" tabindex="-1">${question.closes}</h2>
    <div class="guide">${question.set.map((text) => html`<p>${text}</p>`)}</div>
    ${proof.needs_press ? pressButton(proof) : answers(question)}
    ${question.cannot ? wide("My camera has no such setting", () => answer({ cannot: true })) : nothing}
    ${proof.asked > 0 ? wide("Take the last answer back", () => step("proof.back")) : nothing}
    ${proof.asked > 0 ? findings(proof) : nothing} ${parts(proof)}`;
}

/** @param {Proof} proof @param {import("../types.js").BoxState} box */
function begin(proof, { status }) {
  const name = proving.body ?? status.model ?? "";
  return html`<h2 id="question" tabindex="-1">Prove your camera</h2>
    <p>${capital(proof.text)}</p>
    <div class="typed">
      <label for="proof-body">Which body is it, as printed on it?</label>
      <input
        id="proof-body"
        type="text"
        autocomplete="off"
        .value=${name}
        @input=${(/** @type {InputEvent} */ event) => {
          proving.body = /** @type {HTMLInputElement} */ (event.target).value;
        }}
      />
    </div>
    <div class="answers">
      <button type="button" class="main" @click=${() => step("proof.begin", { body: proving.body ?? name })}>
        Begin
      </button>
    </div>`;
}

/** @param {Proof} proof */
function pressButton({ state: at }) {
  const isPlaying = at === "playing" || state.box?.status.release === "PROVING";
  return html`<div class="answers">
    <button type="button" class="main" ?disabled=${isPlaying || isReading || state.busy.has("proof")} @click=${press}>
      ${isPlaying ? "The box closes its contacts…" : "Ready: close them now"}
    </button>
  </div>`;
}

/** @param {import("../types.js").Question} question */
function answers({ asks, looks_for }) {
  return html`${asks.length === 0 ? html`<p>${looks_for.join(" ")}</p>` : nothing}
    ${asks.map(
      ({ name, text, most }) =>
        html`<fieldset class="choice">
          <legend>${text}</legend>
          <div class="words">
            ${choices(most).map(([label, value]) => one(name, label, value))}
          </div>
        </fieldset>`,
    )}
    <div class="answers">
      <button
        type="button"
        class="main"
        ?disabled=${asks.some(({ name }) => !chosen.has(name)) || state.busy.has("proof")}
        @click=${() => answer(known())}
      >
        That is what I saw
      </button>
    </div>`;
}

/** @param {string} name @param {string} label @param {number | boolean | null} value */
function one(name, label, value) {
  const isChosen = chosen.has(name) && chosen.get(name) === value;
  const choose = () => {
    chosen.set(name, value);
    update();
  };
  return html`<label class=${isChosen ? "chosen" : ""}
    ><input type="radio" name=${`proof-${name}`} .checked=${isChosen} @change=${choose} /><span>${label}</span></label
  >`;
}

/** @param {number | null} most @returns {[string, number | boolean | null][]} */
function choices(most) {
  /** @type {[string, number | boolean | null][]} */
  const rows =
    most === null
      ? [
          ["Yes", true],
          ["No", false],
        ]
      : Array.from({ length: most + 1 }, (_, count) => [count === most ? `${count} or more` : `${count}`, count]);
  return [...rows, ["I don't know", null]];
}

/** What was chosen, without what is not known. */
function known() {
  return Object.fromEntries([...chosen].filter(([, value]) => value !== null));
}

/** @param {Proof} proof */
function over(proof) {
  return html`<h2 id="question" tabindex="-1">${capital(proof.text)}</h2>
    ${findings(proof)} ${parts(proof)}
    <div class="answers">
      <button type="button" class="main" ?disabled=${state.busy.has("proof")} @click=${finish}>Go by it</button>
      <button type="button" @click=${() => step("proof.back")}>Take the last answer back</button>
    </div>
    ${wide("Forget all of it", () => step("proof.drop"))}`;
}

/** @param {Proof} proof */
function findings({ said, contradictions }) {
  if (said.length + contradictions.length === 0) return nothing;
  return html`${contradictions.map((text) => html`<p class="warning">${capital(text)}.</p>`)}
    <details>
      <summary>What the answers say so far</summary>
      <ul class="plain">
        ${said.map((text) => html`<li>${capital(text)}</li>`)}
      </ul>
    </details>`;
}

/** What can be asked alone, or again. @param {Proof} proof */
function parts({ part, parts: all }) {
  const ask = (/** @type {string} */ name, /** @type {string} */ label, again = false) =>
    html`<button
      type="button"
      aria-label=${name === "all" ? label : `${label}: ${name}`}
      ?disabled=${state.busy.has("proof")}
      @click=${() => step("proof.part", { part: name, again })}
    >
      ${label}
    </button>`;
  return html`<details>
    <summary>One part alone, or again</summary>
    <p>${part === "all" ? "All parts are asked." : html`Only <b>${part}</b> is asked. ${ask("all", "Ask all parts")}`}</p>
    <ul class="plain">
      ${all.map(
        ({ name, text, answers: count }) =>
          html`<li>
            <b>${capital(name)}</b>: ${text}. ${ask(name, "Only this")}
            ${count > 0 ? ask(name, "Again from the start", true) : nothing}
          </li>`,
      )}
    </ul>
  </details>`;
}

/** @param {import("../types.js").Proven} outcome */
function told({ text, judged, states }) {
  return html`<h2 id="question" tabindex="-1">${capital(text)}</h2>
    <ul class="plain">
      ${judged.map(
        (row) => html`<li>${row.key} <b>${row.value}</b> (${became(row)}): ${row.how}</li>`,
      )}
    </ul>
    ${states.map((each) => wide(`Set and save: ${each.key} ${each.value}`, () => declare(each)))}`;
}

/** @param {import("../types.js").Proven["judged"][number]} row */
function became({ value, before, is_taken }) {
  if (value === before) return "as before";
  return `${is_taken ? "before" : "not taken; it stays"} ${before}`;
}

/** @param {string} name @param {() => unknown} work */
function wide(name, work) {
  return html`<button type="button" class="wide quiet" ?disabled=${state.busy.has("proof")} @click=${work}>
    ${name}
  </button>`;
}

/** Do a step of the proof that closes nothing. @param {string} method @param {Record<string, unknown>} [params] */
async function step(method, params = {}) {
  const isDone = await act("proof", async () => go({ proof: await call(method, params), outcome: null }));
  if (!isDone) await read(); // somebody may have gone on elsewhere
}

function press() {
  const work = async () => {
    await command("proof.press", { number: proving.proof?.number });
    await read();
  };
  return act("proof", work, { refused: "Nothing was closed" });
}

/** @param {Record<string, unknown>} params */
function answer(params) {
  return step("proof.answer", { number: proving.proof?.number, ...params });
}

/** State what was found of the set-up. @param {{key: string, value: string}} found */
function declare(found) {
  return act("proof", async () => {
    await call("settings.set", found);
    await call("settings.save");
    const { outcome } = proving;
    if (outcome) go({ outcome: { ...outcome, states: outcome.states.filter(({ key }) => key !== found.key) } });
  });
}

function finish() {
  return act("proof", async () => go({ outcome: await call("proof.finish"), proof: await call("proof") }));
}
