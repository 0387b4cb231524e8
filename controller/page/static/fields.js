// The controls of a setting: steps, a choice, a switch, a text. Which one follows from the facts that the daemon tells
// about it; what was entered and not taken stays, with the reason beside it. Knows no setting by name.

import { discard, edit, editSoon, insist, send, set, shown } from "./drafts.js";
import { html, nothing } from "./vendored/lit-html.js";
import { state } from "./store.js";
import { capital } from "./words.js";

/** @typedef {import("./types.js").Setting} Setting */

const A_LINE = 28; // characters of a list on a narrow phone

/** What is wrong with an entry, or that the setting has changed elsewhere meanwhile. @param {string} key */
export function beside(key) {
  const draft = state.drafts.get(key);
  if (draft === undefined) return nothing;
  const value = state.settings.get(key)?.value ?? "";
  if (draft.isElsewhere) {
    return html`<div class="elsewhere" role="alert">
      <p><strong>Changed elsewhere.</strong> ${key} is now <b>${value}</b>; you entered <b>${draft.text}</b>.</p>
      <div class="pair">
        <button type="button" @click=${() => discard(key)}>Keep ${value}</button>
        <button type="button" @click=${() => insist(key)}>Set ${draft.text}</button>
      </div>
    </div>`;
  }
  if (draft.trouble === null) return nothing;
  return html`<div class="elsewhere" role="alert">
    <p>${capital(draft.trouble)}</p>
    <div class="pair"><button type="button" @click=${() => discard(key)}>Back to ${value}</button></div>
  </div>`;
}

/** @param {string} key */
function idOf(key) {
  return `set-${key.replace(".", "-")}`;
}

/**
 * A value between - and +, which can be typed as well.
 * @param {string} key
 * @param {string} label
 * @param {(text: string, way: 1 | -1) => string} step
 * @param {(text: string) => string} [inWords] what a value means, where the number does not say it
 */
export function stepper(key, label, step, inWords = () => "") {
  const text = shown(key);
  const go = (/** @type {1 | -1} */ way) => () => editSoon(key, step(shown(key), way));
  return html`<div class="stepper">
    <label for=${idOf(key)}>${label}</label>
    <div class="steps">
      <button type="button" @click=${go(-1)} aria-label=${`${label}: less`}>−</button>
      ${entry(key, text)}
      <button type="button" @click=${go(1)} aria-label=${`${label}: more`}>+</button>
    </div>
    ${inWords(text) === "" ? nothing : html`<p class="soft">${inWords(text)}</p>`} ${beside(key)}
  </div>`;
}

/** @param {string} key @param {string} text */
function entry(key, text) {
  return html`<input
    id=${idOf(key)}
    type="text"
    autocomplete="off"
    autocapitalize="off"
    autocorrect="off"
    spellcheck="false"
    enterkeyhint="done"
    .value=${text}
    @input=${(/** @type {InputEvent} */ event) => edit(key, /** @type {HTMLInputElement} */ (event.target).value)}
    @change=${() => send(key)}
  />`;
}

/**
 * A choice of one among a few words.
 * @param {string} key
 * @param {string} label
 * @param {readonly string[]} words
 */
export function choice(key, label, words) {
  const text = shown(key);
  return html`<fieldset class="choice">
    <legend>${label}</legend>
    <div class="words">
      ${words.map(
        (word) =>
          html`<label class=${word === text ? "chosen" : ""}
            ><input type="radio" name=${key} .checked=${word === text} @change=${() => set(key, word)} /><span
              >${word}</span
            ></label
          >`,
      )}
    </div>
    ${beside(key)}
  </fieldset>`;
}

/** @param {string} key @param {string} label */
function onOff(key, label) {
  const isOn = shown(key) === "true";
  return html`<div class="on-off">
    <label class=${isOn ? "is-on" : ""}
      ><input
        type="checkbox"
        role="switch"
        .checked=${isOn}
        @change=${() => set(key, isOn ? "false" : "true")}
      /><span>${label}</span><b>${isOn ? "on" : "off"}</b></label
    >
    ${beside(key)}
  </div>`;
}

/** A list in words: longer than a line, with an example to begin from. @param {Setting} setting @param {string} label */
function list({ key, choices }, label) {
  const text = shown(key);
  const example = choices.find((each) => each !== "none") ?? "";
  const typedText = (/** @type {Event} */ event) =>
    /** @type {HTMLTextAreaElement} */ (event.target).value.replace(/\s*\n\s*/g, " ");
  return html`<div class="typed">
    <label for=${idOf(key)}>${label}</label>
    <textarea
      id=${idOf(key)}
      rows=${Math.min(6, Math.ceil(text.length / A_LINE) || 1)}
      autocomplete="off"
      autocapitalize="off"
      autocorrect="off"
      spellcheck="false"
      enterkeyhint="done"
      placeholder=${example}
      .value=${text}
      @input=${(/** @type {Event} */ event) => edit(key, typedText(event))}
      @change=${() => send(key)}
      @keydown=${ended}
    ></textarea>
    <p class="soft">For example: ${example}</p>
    <div class="pair">
      ${choices.map(
        (word) =>
          html`<button type="button" class="quiet" ?disabled=${word === text} @click=${() => set(key, word)}>
            ${word === "none" ? "None" : "Take the example"}<span class="spoken"> for ${label}</span>
          </button>`,
      )}
    </div>
    ${beside(key)}
  </div>`;
}

/** Enter ends an entry, and begins no new line. @param {KeyboardEvent} event */
function ended(event) {
  if (event.key !== "Enter") return;
  event.preventDefault();
  /** @type {HTMLElement} */ (event.target).blur();
}

/** @param {Setting} setting @param {string} label */
function typed({ key, allowed }, label) {
  return html`<div class="typed">
    <label for=${idOf(key)}>${label}</label>
    ${entry(key, shown(key))}
    <p class="soft">${allowed}</p>
    ${beside(key)}
  </div>`;
}

/** Whether a setting takes nothing but its choices; other settings have examples as choices. @param {Setting} setting */
function isClosed({ choices, allowed }) {
  return choices.length > 1 && allowed === choices.join(", ") && choices.every((word) => /^[a-z]+$/.test(word));
}

/** Whether a setting is none or a list in words, of which its other choice is an example. @param {Setting} setting */
function isList({ choices }) {
  return choices.length > 1 && choices[0] === "none" && choices[1].includes(", ");
}

/** The control that fits a setting. @param {Setting} setting */
export function control(setting) {
  const name = setting.key.slice(setting.key.indexOf(".") + 1).replaceAll("_", " ");
  if (setting.choices.join() === "true,false") return onOff(setting.key, capital(name));
  if (isClosed(setting)) return choice(setting.key, capital(name), setting.choices);
  if (isList(setting)) return list(setting, capital(name));
  return typed(setting, capital(name));
}
