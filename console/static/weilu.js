/* What htmx leaves to the page: not to take away what somebody is writing, and notices that go. */
"use strict";

/** Somebody is writing in it, or has opened something in it: a live piece waits for them. */
function inUse(piece) {
  const active = document.activeElement;
  const writing = active && piece.contains(active) && active.matches("input, textarea, select");
  const written = [...piece.querySelectorAll("textarea, input[type=text]")].some(
    (field) => field.value !== field.defaultValue,
  );
  return writing || written || piece.querySelector("details[open], dialog[open]") !== null;
}

document.addEventListener("htmx:beforeSwap", (event) => {
  const asked = event.detail.requestConfig;
  if (asked && asked.verb === "get" && asked.elt.dataset.live !== undefined && inUse(event.detail.target)) {
    event.detail.shouldSwap = false;
  }
});

document.addEventListener("htmx:responseError", () => tell("没有成功，请稍后再试。 That did not work: try again."));
document.addEventListener("htmx:sendError", () => tell("连不上围炉，它可能停了。 Weilu cannot be reached."));

/** A sentence at the foot of the page; the next one takes its place. */
function tell(words) {
  const line = document.createElement("p");
  line.className = "told badly";
  line.textContent = words;
  document.getElementById("told").replaceChildren(line);
}

let leaving;
new MutationObserver(() => {
  clearTimeout(leaving);
  leaving = setTimeout(() => document.getElementById("told")?.replaceChildren(), 8000);
}).observe(document.documentElement, { childList: true, subtree: true, attributeFilter: ["class"] });

/** A choice of where to be goes there at once. */
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-go]");
  if (form) form.submit();
});

/** What was sent is sent: the field is empty again. */
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest?.("form[data-clear]");
  if (form && event.detail.successful && !event.detail.xhr.responseText.includes("badly")) {
    form.reset();
    quote("", "");
  }
});

/** A list that grows at its foot stays at its foot, unless somebody has scrolled up to read. */
let atFoot = true;
const foot = () => document.querySelector("[data-bottom]");
document.addEventListener("htmx:beforeSwap", () => {
  const list = foot();
  atFoot = !list || list.scrollHeight - list.scrollTop - list.clientHeight < 80;
});
document.addEventListener("htmx:afterSettle", () => {
  if (atFoot) toFoot();
});
document.addEventListener("DOMContentLoaded", () => toFoot());
function toFoot() {
  const list = foot();
  if (list) list.scrollTop = list.scrollHeight;
}

/** The next line answers that one. */
function quote(line, name) {
  const field = document.querySelector("input[name=quote]");
  const shown = document.getElementById("quoting");
  if (!field || !shown) return;
  field.value = line;
  shown.hidden = !line;
  shown.textContent = line ? `┆ ${name}` : "";
}
document.addEventListener("click", (event) => {
  const quoting = event.target.closest("[data-quote]");
  const mention = event.target.closest("[data-mention]");
  const field = document.querySelector(".composer input[name=text]");
  if (quoting) quote(quoting.dataset.quote, quoting.dataset.name);
  if (mention && field) field.value += mention.dataset.mention;
  if ((quoting || mention) && field) field.focus();
});
