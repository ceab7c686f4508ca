// Talks to the server: the token, errors with the server's own words, and patience while it is busy.

const TOKEN = "inkdigits-token";
const PATIENCE = 3;

// The printed address brings the token behind its #; from there it goes out of sight.
const given = new URLSearchParams(location.hash.slice(1)).get("token");
if (given) {
  sessionStorage.setItem(TOKEN, given);
  history.replaceState(null, "", location.pathname);
}

export async function call(path, { method = "GET", body, signal } = {}) {
  const token = sessionStorage.getItem(TOKEN);
  const headers = token ? { Authorization: `Bearer ${token}` } : {};
  for (let attempt = 1; ; attempt++) {
    let response;
    try {
      response = await fetch(path, { method, body, headers, signal });
    } catch (error) {
      if (error.name === "AbortError") throw error;
      throw new Error("The server cannot be reached. Is it still running?");
    }
    if (response.ok) return response;
    if (response.status === 429 && attempt < PATIENCE) {
      await new Promise((resolve) => setTimeout(resolve, 1000 * Number(response.headers.get("Retry-After") ?? 1)));
      continue;
    }
    const problem = await response.json().catch(() => null);
    throw new Error(problem?.error?.message ?? `The server answered ${response.status}.`);
  }
}

export const callJson = async (path, options) => (await call(path, options)).json();

const place = document.getElementById("problem");

// Where the eyes are: on the drawing, on the picture, or in the field that asks for one. It stays until something is done.
export function showProblem(error, tab) {
  if (error.name === "AbortError") return;
  const invite = document.getElementById("invite");
  const field = tab === "picture" && !invite.hidden ? invite : document.querySelector(`#${tab} .desk, #${tab}`);
  field.prepend(place);
  place.textContent = error.message;
  place.hidden = false;
  place.scrollIntoView({ block: "nearest" });
}

export function hideProblem() {
  place.hidden = true;
}

export function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}
