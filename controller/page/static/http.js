// Sends JSON to the page's server, and turns every failure into a Refusal with a sentence for a person.
// Knows no state and no method.

/** A request that was refused or got no answer; `word` is for the program, the message for a person. */
export class Refusal extends Error {
  /** @param {string} word @param {string} text */
  constructor(word, text) {
    super(text);
    this.word = word;
  }
}

const NO_ANSWER = "The box did not answer, so it is not known whether it did this. Look before you press again.";

/**
 * Send a POST once and return the answer; Refusal if there is none within `limitMs`, or if it is an error.
 * @param {string} path
 * @param {Record<string, unknown>} body
 * @param {number} [limitMs]
 * @returns {Promise<any>}
 */
export async function post(path, body, limitMs = 10_000) {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), limitMs);
  try {
    const answer = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
      cache: "no-store",
      signal: abort.signal,
    });
    const reply = await answer.json();
    if (answer.ok) return reply;
    throw new Refusal(reply.error?.word ?? "fault", reply.error?.text ?? NO_ANSWER);
  } catch (error) {
    throw error instanceof Refusal ? error : new Refusal("link", NO_ANSWER);
  } finally {
    clearTimeout(timer);
  }
}

/** Return the sentence of whatever was thrown. @param {unknown} error */
export function sentence(error) {
  return error instanceof Error ? error.message : String(error);
}
