/* What htmx leaves to the page: not to take away what somebody is writing, and notices that go. */
"use strict";

/** Whether something was written in it that was not sent yet. */
function written(place) {
  const fields = place.querySelectorAll("textarea, input:not([type=hidden], [type=checkbox], [type=radio])");
  return [...fields].some((field) => field.value !== field.defaultValue);
}

/** Somebody is writing in it, or has opened something in it: a live piece waits for them. */
function inUse(piece) {
  const active = document.activeElement;
  const writing = active && piece.contains(active) && active.matches("input, textarea, select");
  return writing || written(piece) || piece.querySelector("details[open]:not([data-stays]), dialog[open]") !== null;
}

/* What a new version of a piece takes over: what is open in it for good, and where the keyboard is. */
const TAPPED = "a, button, summary";
const taps = (each) => each.getAttribute("hx-vals") ?? each.textContent;
let opened = [];
let held = null;
document.addEventListener("htmx:beforeSwap", (event) => {
  const asked = event.detail.requestConfig;
  if (asked && asked.verb === "get" && asked.elt.dataset.live !== undefined && inUse(event.detail.target)) {
    event.detail.shouldSwap = false;
    return;
  }
  const piece = event.detail.target;
  const place = [...piece.querySelectorAll(TAPPED)].indexOf(document.activeElement);
  opened = [...piece.querySelectorAll("details[data-stays][open]")].map((each) => each.id);
  held = place < 0 || !piece.id ? null : { piece: piece.id, place, same: taps(document.activeElement) };
});
document.addEventListener("htmx:afterSwap", () => {
  for (const id of opened) document.getElementById(id)?.setAttribute("open", "");
  const again = held && document.getElementById(held.piece)?.querySelectorAll(TAPPED)[held.place];
  if (again && taps(again) === held.same && !again.contains(document.activeElement)) again.focus();
  opened = [];
  held = null;
});

document.addEventListener("htmx:responseError", () => tell("没有成功，请稍后再试。 That did not work: try again."));
document.addEventListener("htmx:sendError", () => tell("连不上围炉，它可能停了；写好的字还在。 Weilu cannot be reached; what you wrote is still here."));
document.addEventListener("htmx:timeout", () => tell("围炉很久没有回答。 Weilu has not answered for a long time."));

/** Whoever tapped and hears nothing is told that it is on its way. */
let slow;
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.requestConfig.verb === "get") return;
  clearTimeout(slow);
  slow = setTimeout(() => tell("还在等围炉回答…… Waiting for Weilu…"), 4000);
});
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.requestConfig.verb !== "get") clearTimeout(slow);
});

/** The session has ended: what was written stays, and can be sent once one is signed in again. */
document.addEventListener("htmx:beforeOnLoad", (event) => {
  const door = event.detail.xhr.getResponseHeader("HX-Redirect");
  if (!door?.startsWith("/enter") || !written(document)) return;
  event.preventDefault();
  tell("登录已结束，写好的字还在。 You are signed out; what you wrote is still here. ");
  const link = document.createElement("a");
  link.href = "/enter";
  link.target = "_blank";
  link.textContent = "在新窗口登录，再回来 Sign in in a new window, then come back";
  document.querySelector("#told .told").append(link);
});
document.addEventListener("htmx:afterRequest", (event) => {
  const fresh = event.detail.xhr.getResponseHeader("x-csrf");
  if (fresh) document.body.setAttribute("hx-headers", JSON.stringify({ "x-csrf": fresh }));
});

/** A sentence at the foot of the page; the next one takes its place. */
function tell(words) {
  const line = document.createElement("p");
  line.className = "told badly";
  line.textContent = words;
  document.getElementById("told").replaceChildren(line);
}

/** It goes after a while; pieces of the page that change meanwhile do not keep it. */
let leaving;
new MutationObserver(() => {
  clearTimeout(leaving);
  leaving = setTimeout(() => document.getElementById("told").replaceChildren(), 8000);
}).observe(document.getElementById("told"), { childList: true });

/** A choice of where to be goes there at once. */
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-go]");
  if (form) form.submit();
});

/** What was decided in a live piece is decided: nothing open there keeps it from being renewed. */
document.addEventListener("htmx:afterRequest", (event) => {
  const { successful, requestConfig, xhr } = event.detail;
  const piece = event.target.closest?.("[data-live]");
  if (!piece || requestConfig.verb === "get" || !successful || xhr.responseText.includes("badly")) return;
  event.target.closest("form")?.reset();
  event.target.closest("details:not([data-stays])")?.removeAttribute("open");
  if (event.target.contains(document.activeElement)) document.activeElement.blur();
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

/** On a phone the rail is wider than the screen: the page one is on is within sight. */
document.addEventListener("DOMContentLoaded", () => {
  const rail = document.querySelector(".rail");
  const here = rail?.querySelector("[aria-current]");
  if (here) rail.scrollLeft = here.offsetLeft - (rail.clientWidth - here.offsetWidth) / 2;
});
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
