// Places the office's form or tracking page into any page, in a frame that grows with its content:
//   <script src="https://pengaduan.contoh.go.id/sematkan.js" data-halaman="aduan" defer></script>
// data-halaman: aduan (preset) or lacak. data-di: a selector of where to put it; without it, where the script stands.
// docs/sematkan.md tells the webmaster the rest.
"use strict";

(() => {
  const script = document.currentScript;
  const home = new URL(script.src).origin;
  const pages = { aduan: ["/aduan", "Formulir pengaduan"], lacak: ["/lacak", "Lacak aduan"] };
  const [path, title] = pages[script.dataset.halaman] ?? pages.aduan;
  const frame = document.createElement("iframe");
  frame.src = home + path;
  frame.title = title;
  frame.allow = "geolocation";
  frame.setAttribute("sandbox", "allow-scripts allow-forms allow-same-origin allow-popups allow-downloads allow-modals");
  Object.assign(frame.style, { display: "block", width: "100%", height: "40rem", border: "0" });
  frame.addEventListener("load", () => frame.contentWindow.postMessage("pengaduan:tinggi", home));
  addEventListener("message", event => {
    if (event.origin !== home || event.source !== frame.contentWindow || event.data?.pengaduan !== "tinggi") return;
    const height = Number(event.data.tinggi);
    if (height > 0 && height < 30000) frame.style.height = `${height}px`;
  });
  const place = script.dataset.di && document.querySelector(script.dataset.di);
  if (place) place.append(frame);
  else if (script.closest("body")) script.after(frame);
  else document.body.append(frame);
})();
