// Puts the page together: the way in, the view that the address names, and the clock that redraws what counts down.

import { say } from "./actions.js";
import { deck } from "./deck.js";
import { listen } from "./link.js";
import { beginLook } from "./look.js";
import { readAll, readForView, took } from "./readings.js";
import { VIEWS, inShort, linkBar, notice, top, ways } from "./shell.js";
import { drawWith, state, update } from "./store.js";
import { html, nothing, render } from "./vendored/lit-html.js";
import { view as boxView } from "./views/box.js";
import { isPairing, notePaired, pairView, redeemLink } from "./views/pair.js";
import { capital } from "./words.js";

/** @typedef {(box: import("./types.js").BoxState) => import("./types.js").View} Drawn */

const TICK_MS = 200;
const FETCH_AFTER_MS = 1500; // the views for every day, once the first one is there
const EVERY_DAY = ["plan", "settings", "log"]; // a camera is set up once

/** @type {Record<string, () => Promise<{view: Drawn}>>} */
const FILES = {
  plan: () => import("./views/plan.js"),
  camera: () => import("./views/camera.js"),
  settings: () => import("./views/settings.js"),
  log: () => import("./views/log.js"),
};

/** The views that have been fetched. @type {Record<string, Drawn>} */
const drawn = { box: boxView };

/** Fetch a view, unless it is there. @param {string} name */
async function fetchView(name) {
  if (name in drawn) return;
  try {
    drawn[name] = (await FILES[name]()).view;
    update();
  } catch {
    if (state.view === name) say("This part of the page did not come. Load the page anew.", "refused");
  }
}

function page() {
  const { box, link, view } = state;
  if (link === "unpaired") return pairView();
  if (box === null)
    return html`${linkBar()}
      <main class="pairing"><p role="status">Looking for the box…</p></main>`;
  const name = /** @type {keyof typeof VIEWS} */ (view);
  return html`${linkBar()}
    <fieldset class="all" ?disabled=${link !== "live"}>
      <div class="app ${view} ${link === "lost" || link === "offline" ? "stale" : ""}">
        ${top(VIEWS[name], view === "box" && !box.says.step ? capital(box.status.model ?? box.status.camera) : inShort())}
        <main>${drawn[view]?.(box) ?? html`<p role="status">One moment…</p>`}</main>
        <div class="foot">${notice()}${view === "box" ? deck(box.status) : nothing}</div>
        ${ways()}
      </div>
    </fieldset>`;
}

/** Take the view from the address: #plan, #log/3. */
function follow() {
  const [view, detail = ""] = location.hash.slice(1).split("/");
  const isNew = view !== state.view || detail !== state.detail;
  update({ view: view in VIEWS ? view : "box", detail, notice: null });
  document.title = `${VIEWS[/** @type {keyof typeof VIEWS} */ (state.view)]} - backbutton`;
  void fetchView(state.view);
  if (!isNew) return;
  scrollTo(0, 0);
  document.getElementById("title")?.focus({ preventScroll: true });
  if (state.link === "live") void readForView();
}

/** Redraw while something counts down. */
function tick() {
  const { box } = state;
  const isCounting = box !== null && (box.status.exposing !== null || box.status.run !== null);
  if (isPairing() || (isCounting && state.view === "box" && state.link === "live")) update();
}

async function begin() {
  const root = /** @type {HTMLElement} */ (document.getElementById("page"));
  drawWith(() => render(page(), root));
  beginLook();
  await redeemLink();
  follow();
  addEventListener("hashchange", follow);
  setInterval(tick, TICK_MS);
  const live = () => {
    notePaired();
    void readAll();
    setTimeout(() => EVERY_DAY.forEach(fetchView), FETCH_AFTER_MS);
  };
  listen({ live, event: took });
}

void begin();
