// The link to the box: the stream of its states, a watchdog over it, the box's clock, and commands with a time stamp.
// Knows when the link is alive; must not know what the states mean.

import { Refusal, post } from "./http.js";
import { state, update } from "./store.js";

const SILENCE_MS = 2400; // without a word for so long the link is lost; shown within 3 s, as this is looked at every 250 ms
const ATTEMPT_MS = 1500; // for the first state of a stream
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 1000;
const WANTED_NS = 2e9; // a command that reaches the box later than this does nothing
const MOST_OFFSETS = 10;

/** @type {EventSource | null} */
let source = null;
/** The box's clock minus the browser's, in ns, as the last states had it. @type {number[]} */
let offsets = [];
let heardAt = 0;
let heardOn = 0; // the same by the wall clock: the monotonic one stops on a phone that sleeps
let openedAt = 0;
let wokeAt = 0; // when somebody began to look
let waitMs = FIRST_WAIT_MS;
let hasHeard = false; // of this stream
/** @type {ReturnType<typeof setTimeout> | undefined} */
let again;
let hasBeenLive = false; // since the link was last lost, or the page put away

/** @type {(event: import("./types.js").BoxEvent) => void} */
let onEvent = () => {};
/** @type {() => void} */
let onLive = () => {};

/**
 * Begin to listen to the box. `live` is called whenever the link has come back, `event` for each of its events.
 * @param {{live: () => void, event: (event: import("./types.js").BoxEvent) => void}} listeners
 */
export function listen({ live, event }) {
  onLive = live;
  onEvent = event;
  wokeAt = performance.now();
  setInterval(watch, 250);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") wake();
  });
  addEventListener("pageshow", (shown) => {
    if (shown.persisted) wake();
  });
  addEventListener("online", wake);
  open();
}

/** Open the stream anew, at once. */
export function open() {
  close();
  openedAt = performance.now();
  const stream = new EventSource("/events");
  source = stream;
  const on = (/** @type {string} */ kind, /** @type {(data: any) => void} */ act) =>
    stream.addEventListener(kind, (message) => {
      if (source !== stream) return;
      heard();
      act(JSON.parse(message.data || "{}"));
    });
  on("state", took);
  on("event", (event) => onEvent(event));
  on("offline", ({ text }) => goOffline(text));
  on("unpaired", () => leave(""));
  stream.onerror = () => {
    if (source === stream) void failed();
  };
}

/** Stop listening: this phone is not paired. @param {string} text */
export function leave(text) {
  close();
  update({ link: "unpaired", linkText: text, box: null });
}

/** The box's clock now, in ns; null as long as this stream has told none. */
export function boxNow() {
  return offsets.length === 0 ? null : Math.max(...offsets) + performance.now() * 1e6;
}

/**
 * Ask the box for something that moves no contact; returns its reply, or throws a Refusal.
 * @param {string} method
 * @param {Record<string, unknown>} [params]
 * @param {number} [limitMs]
 * @returns {Promise<any>}
 */
export async function call(method, params = {}, limitMs = 5000) {
  try {
    return (await post(`/call/${method}`, params, limitMs)).result;
  } catch (error) {
    if (error instanceof Refusal && error.word === "unpaired") leave(error.message);
    throw error;
  }
}

/**
 * Give a command that may move a contact: sent once, and of no effect if it arrives late or twice.
 * @param {string} method
 * @param {Record<string, unknown>} [params]
 * @returns {Promise<any>}
 */
export async function command(method, params = {}) {
  const now_ns = boxNow();
  if (now_ns === null) throw new Refusal("link", "There is no link to the box; nothing was sent.");
  const id = [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
  return await call(method, { ...params, not_after_ns: Math.round(now_ns + WANTED_NS), id }, 2500);
}

function close() {
  clearTimeout(again);
  again = undefined;
  source?.close();
  source = null;
  offsets = [];
  hasHeard = false;
}

/** After a pause of the page nothing that it shows is current. */
function wake() {
  if (state.link === "unpaired") return;
  waitMs = FIRST_WAIT_MS;
  wokeAt = performance.now();
  hasBeenLive = false;
  if (state.link === "live") update({ link: "opening" });
  open();
}

function heard() {
  hasHeard = true;
  heardAt = performance.now();
  heardOn = Date.now();
  waitMs = FIRST_WAIT_MS;
}

/** @param {import("./types.js").BoxState} box */
function took(box) {
  offsets = [...offsets, box.now_ns - performance.now() * 1e6].slice(-MOST_OFFSETS);
  update({ box, boxAt: performance.now(), link: "live", linkText: "" });
  if (!hasBeenLive) onLive();
  hasBeenLive = true;
}

/** @param {string} text */
function goOffline(text) {
  offsets = [];
  hasBeenLive = false;
  update({ link: "offline", linkText: text });
}

function watch() {
  if (state.link === "unpaired") return;
  const silentMs = Math.max(performance.now() - heardAt, Date.now() - heardOn);
  if (state.link !== "lost" && silentMs > SILENCE_MS && performance.now() - wokeAt > ATTEMPT_MS) lose("");
  const isStale = hasHeard ? silentMs > SILENCE_MS : performance.now() - openedAt > ATTEMPT_MS;
  if (source !== null && isStale) retry();
}

/** @param {string} text */
function lose(text) {
  hasBeenLive = false;
  update({ link: "lost", linkText: text });
}

function retry() {
  close();
  if (document.visibilityState === "hidden") return; // it is opened anew as soon as somebody looks
  again = setTimeout(open, waitMs);
  waitMs = Math.min(2 * waitMs, LONGEST_WAIT_MS);
}

/** The stream has ended: find out whether this phone is still paired, and try again. */
async function failed() {
  retry();
  try {
    await call("clock", {}, 1000);
  } catch (error) {
    const isTold = error instanceof Refusal && error.word !== "link" && error.word !== "offline";
    if (state.link !== "unpaired" && isTold) update({ linkText: error.message });
  }
}
