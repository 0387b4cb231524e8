// Pairing: a person presses run on the box, or follows a one-time link. Knows requests and their results; the token
// itself stays in a cookie that no script can read.

import { post, sentence } from "../http.js";
import { open } from "../link.js";
import { html, nothing } from "../vendored/lit-html.js";
import { keep, kept, state, update } from "../store.js";
import { capital } from "../words.js";

const PAIRED = "backbutton.paired";
const WAIT_MS = 25_000; // the server answers within 20 s

/** @type {{step: "idle" | "asking" | "waiting" | "over", text: string, endsAt: number}} */
const pairing = { step: "idle", text: "", endsAt: 0 };

/** Forget that this phone was paired: its owner has ended that. */
export function noteForgotten() {
  keep(PAIRED, null);
}

/** Remember that this phone is paired, so that a lost pairing can be told from none. */
export function notePaired() {
  if (kept(PAIRED) === null) keep(PAIRED, "yes");
}

/** Redeem the one-time link in the address, if there is one, and take it out of there. */
export async function redeemLink() {
  if (location.pathname !== "/pair") return;
  const code = location.hash.slice(1);
  history.replaceState(null, "", "/#box");
  if (code === "") return;
  try {
    await post("/pair/link", { code });
    notePaired();
  } catch (error) {
    Object.assign(pairing, { step: "over", text: sentence(error) });
  }
}

async function ask() {
  Object.assign(pairing, { step: "asking", text: "" });
  update();
  try {
    const asked = await post("/pair", {});
    Object.assign(pairing, { step: "waiting", text: asked.text, endsAt: performance.now() + asked.seconds * 1000 });
    update();
    await waitFor(asked.request);
  } catch (error) {
    Object.assign(pairing, { step: "over", text: sentence(error) });
  }
  update();
}

/** @param {string} request */
async function waitFor(request) {
  for (;;) {
    const result = await post("/pair/wait", { request }, WAIT_MS);
    if (result.state === "waiting") continue;
    Object.assign(pairing, { step: result.state === "paired" ? "idle" : "over", text: result.text });
    if (result.state !== "paired") return;
    notePaired();
    update({ link: "opening" });
    open();
    return;
  }
}

export function isPairing() {
  return pairing.step === "waiting";
}

export function pairView() {
  const { step, text, endsAt } = pairing;
  const wasPaired = kept(PAIRED) !== null && step === "idle";
  const left = Math.max(0, Math.ceil((endsAt - performance.now()) / 1000));
  return html`<main class="pairing">
    <h1 id="title" tabindex="-1">backbutton</h1>
    ${
      wasPaired
        ? html`<p class="warning">
            The box does not know this phone any more. Pair it again. ${capital(state.linkText)}
          </p>`
        : nothing
    }
    <p>This phone is not paired with the box. Whoever stands beside the box may pair it:</p>
    <ol>
      <li>Tap <b>Pair this phone</b>.</li>
      <li>Press <b>run</b> on the box within 60 s; its lamps blink meanwhile.</li>
    </ol>
    ${
      step === "waiting"
        ? html`<div class="offer">
            <p class="big" role="timer" aria-label="Seconds left">${left} <small>s</small></p>
            <p role="status"><strong>${capital(text)}</strong></p>
          </div>`
        : html`<p role="status">${step === "over" ? capital(text) : ""}</p>
            <button type="button" class="main wide" ?disabled=${step === "asking"} @click=${ask}>
              ${step === "over" ? "Try again" : "Pair this phone"}
            </button>`
    }
    <p class="soft">At the console, <kbd>page pair</kbd> prints a link that does the same.</p>
  </main>`;
}
