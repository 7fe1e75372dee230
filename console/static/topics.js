/* The calendar of topics: what is dragged to another day opens its sheet with that day filled in. */
"use strict";

let dragged = null;

document.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.(".due[draggable]") ?? null;
});
document.addEventListener("dragend", () => {
  dragged = null;
  mark(null);
});
document.addEventListener("dragover", (event) => {
  const day = dragged && event.target.closest?.("[data-day]");
  mark(day);
  if (day) event.preventDefault();
});
document.addEventListener("drop", (event) => {
  const day = dragged && event.target.closest?.("[data-day]");
  if (!day) return;
  event.preventDefault();
  const to = encodeURIComponent(`${day.dataset.day}T${dragged.dataset.time}`);
  htmx.ajax("GET", `${dragged.getAttribute("hx-get")}&to=${to}`, "#sheet");
  document.getElementById("sheet").showPopover();
});

function mark(day) {
  for (const each of document.querySelectorAll(".day.over")) if (each !== day) each.classList.remove("over");
  if (day) day.classList.add("over");
}
