// The page of the server: questions go to where the page came from, and nowhere else.
import { mount } from "./explorer.js";

async function ask(message) {
  const reply = await fetch("ask", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(message),
  });
  if (!reply.ok) throw new Error(`the server answers ${reply.status}`);
  return reply.json();
}

mount(document.getElementById("explorer"), ask);
