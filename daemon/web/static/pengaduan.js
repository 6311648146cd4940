// Comfort only: every page works without it. Buttons that need a script are hidden until it has come.
"use strict";

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue; // plain http on the office's network
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    button.textContent = "Kode disalin";
  });
}

// After a refusal the summary is what should be read first.
document.getElementById("salah")?.focus();

// In a frame of another site (sematkan.js): says how tall it is, to the site that asked, if the office has named it.
const sites = document.body.dataset.frames?.split(" ") ?? [];
if (window.parent !== window && sites.length) {
  document.documentElement.classList.add("framed");
  addEventListener("message", event => {
    if (event.source !== window.parent || !sites.includes(event.origin) || event.data !== "pengaduan:tinggi") return;
    const tell = () => event.source.postMessage(
      { pengaduan: "tinggi", tinggi: Math.ceil(document.body.getBoundingClientRect().height) }, event.origin);
    const watcher = new ResizeObserver(tell);
    const watch = () => { watcher.disconnect(); watcher.observe(document.body); };
    addEventListener("pengaduan:halaman", watch); // formulir.js has put another page into its place
    watch();
  });
}
