// The frame around every view: title and Cut above, the bar of a lost link, sentences, the way to the other views.
// Knows the link; knows no view from inside.

import { cut, hush } from "./actions.js";
import { icon, octagon } from "./icons.js";
import { open } from "./link.js";
import { html, nothing } from "./vendored/lit-html.js";
import { state } from "./store.js";
import { capital } from "./words.js";

export const VIEWS = { box: "Box", plan: "Plan", camera: "Camera", settings: "Settings", log: "Log" };

/** @param {string} title @param {string} below what the box does, where the view itself does not say it */
export function top(title, below) {
  return html`<header class="top">
    <div class="title">
      <h1 tabindex="-1" id="title">${title}</h1>
      ${below === "" ? nothing : html`<p>${below}</p>`}
    </div>
    <button
      class="cut"
      type="button"
      @click=${cut}
      title="Cut: opens both contacts at once, and ends frame and run"
    >
      <svg viewBox="0 0 64 64" aria-hidden="true">${octagon}</svg><span>CUT</span>
    </button>
  </header>`;
}

/** What the box does, in a line for the views that show something else. */
export function inShort() {
  const { box } = state;
  if (box === null) return "";
  const [focus, release] = box.says.state.split("; ");
  const { run } = box.status;
  if (box.says.step) return `${capital(box.says.step.split(": ")[0])} waits`;
  return capital(run ? (box.says.frame ?? run.waits ?? release) : box.status.release === "IDLE" ? focus : release);
}

/** The bar over everything while the box cannot be reached; the only thing then that can be pressed. */
export function linkBar() {
  const { link, linkText } = state;
  if (link !== "lost" && link !== "offline") return nothing;
  const [what, why] = link === "lost" ? ["No link to the box. It goes on by itself.", linkText] : [linkText, ""];
  return html`<div class="link-bar" role="alert">
    <p><strong>${capital(what)}</strong> ${capital(why)}</p>
    <button type="button" @click=${open}>Try again</button>
  </div>`;
}

export function notice() {
  const { notice: shown, spoken } = state;
  return html`<div class="notices" role="status">
      ${
        shown === null
          ? nothing
          : html`<div class="notice ${shown.kind}">
              <p>${shown.title ? html`<strong>${shown.title}</strong> ` : nothing}${capital(shown.text)}</p>
              <button type="button" class="plain" @click=${hush} aria-label="Close this message">✕</button>
            </div>`
      }
    </div>
    <p class="spoken" role="status">${spoken}</p>`;
}

/** Where a link leads; nowhere while there is no link to the box. @param {string} hash */
export function to(hash) {
  return state.link === "live" ? hash : nothing;
}

export function ways() {
  const isDead = state.link !== "live";
  return html`<nav class="ways" aria-label="Views">
    ${Object.entries(VIEWS).map(([view, name]) => {
      const isHere = state.view === view;
      return html`<a
        href=${to(`#${view}`)}
        aria-current=${isHere ? "page" : nothing}
        aria-disabled=${isDead ? "true" : nothing}
        >${icon(view)}<span>${name}</span></a
      >`;
    })}
  </nav>`;
}
