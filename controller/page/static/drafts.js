// What a person has entered for a setting until the box has it. A change that comes from elsewhere meanwhile is shown
// beside it, and never overwritten in silence. Knows no template.

import { Refusal, sentence } from "./http.js";
import { call } from "./link.js";
import { state, update } from "./store.js";

const SEND_AFTER_MS = 400; // several taps on + are sent as one change

/** @type {Map<string, ReturnType<typeof setTimeout>>} */
const timers = new Map();

/** What to show in the field of a setting: what was entered, else what the box has. @param {string} key */
export function shown(key) {
  return state.drafts.get(key)?.text ?? state.settings.get(key)?.value ?? "";
}

/** Note what was entered, without sending it. @param {string} key @param {string} text */
export function edit(key, text) {
  const draft = state.drafts.get(key);
  const value = state.settings.get(key)?.value;
  if (value === undefined) return;
  if (draft === undefined && text === value) return;
  if (draft) Object.assign(draft, { text, trouble: null });
  else state.drafts.set(key, { was: value, text, sent: null, trouble: null, isElsewhere: false });
  const now = state.drafts.get(key);
  if (now && now.text === value && now.was === value && now.sent === null) state.drafts.delete(key);
  update();
}

/** Enter a value and send it soon, unless another comes first. @param {string} key @param {string} text */
export function editSoon(key, text) {
  edit(key, text);
  clearTimeout(timers.get(key));
  timers.set(
    key,
    setTimeout(() => void send(key), SEND_AFTER_MS),
  );
}

/** Enter a value and send it. @param {string} key @param {string} text */
export async function set(key, text) {
  edit(key, text);
  await send(key);
}

/** Forget what was entered. @param {string} key */
export function discard(key) {
  clearTimeout(timers.get(key));
  state.drafts.delete(key);
  update();
}

/** Send what was entered although somebody has changed the setting meanwhile: the person has seen both. @param {string} key */
export async function insist(key) {
  const draft = state.drafts.get(key);
  const value = state.settings.get(key)?.value;
  if (draft === undefined || value === undefined) return;
  Object.assign(draft, { was: value, isElsewhere: false, trouble: null });
  await send(key);
}

/** Send what was entered for a setting; a refusal stays beside it. @param {string} key */
export async function send(key) {
  clearTimeout(timers.get(key));
  const draft = state.drafts.get(key);
  if (draft === undefined || draft.sent !== null || draft.isElsewhere) return;
  draft.sent = draft.text;
  update();
  try {
    const reply = await call("settings.set", { key, value: draft.text, was: draft.was });
    took(key, draft, reply);
  } catch (error) {
    await refused(key, draft, error);
  }
  update();
}

/** @param {string} key @param {import("./types.js").Draft} draft @param {any} reply */
function took(key, draft, reply) {
  for (const row of [{ key, value: reply.value }, ...(reply.also ?? [])]) {
    const setting = state.settings.get(row.key);
    if (setting) state.settings.set(row.key, { ...setting, value: row.value });
  }
  const { sent } = draft;
  draft.sent = null;
  draft.was = reply.value;
  if (state.drafts.get(key) !== draft) return;
  if (draft.text === sent) state.drafts.delete(key);
  else void send(key);
  if (reply.warnings?.length) {
    update({ notice: { kind: "did", title: "", text: reply.warnings.join(" ") } });
  }
}

/** @param {string} key @param {import("./types.js").Draft} draft @param {unknown} error */
async function refused(key, draft, error) {
  const isElsewhere = error instanceof Refusal && error.word === "changed";
  if (isElsewhere) await readAgain(key); // first: whoever is asked which of the two it is to be has to see both
  Object.assign(draft, { sent: null, trouble: sentence(error), isElsewhere });
}

/** Read a setting that the box has changed. @param {string} key */
async function readAgain(key) {
  try {
    const [row] = await call("settings.show", { section: key });
    state.settings.set(key, row);
  } catch {
    // the value comes with the next reading
  }
}

/** Mark each setting that has changed on the box while something else was entered for it here. */
export function noticeElsewhere() {
  for (const [key, draft] of state.drafts) {
    const value = state.settings.get(key)?.value;
    if (draft.sent !== null || value === undefined || value === draft.was) continue;
    if (value === draft.text) state.drafts.delete(key);
    else draft.isElsewhere = true;
  }
  update();
}
