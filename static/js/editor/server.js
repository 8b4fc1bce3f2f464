/** Talking with the server: JSON, the CSRF token, and failures as kinds that the queue understands. */

const SMALL = 60_000; // bytes that a browser lets go on after the page is closed (keepalive)
const PATIENCE = 20_000; // ms until an answer counts as lost

/** `kind`: offline (try again), login (with `url`), csrf, refused (this text), closed (the item). */
export class Failure extends Error {
  constructor(kind, details = {}) {
    super(details.error || kind);
    Object.assign(this, details, { kind });
  }
}

/** The server as one page sees it. */
export class Server {
  constructor(csrf) {
    this.csrf = csrf;
  }

  async request(url, options = {}) {
    let response;
    let data = {};
    try {
      response = await fetch(url, {
        ...options,
        headers: { Accept: "application/json", ...options.headers },
        credentials: "same-origin",
        redirect: "error",
        signal: AbortSignal.timeout(PATIENCE),
      });
      if (response.headers.get("Content-Type")?.includes("json")) data = await response.json();
    } catch (error) {
      throw new Failure("offline", { error: String(error) });
    }
    if (response.ok) {
      if (data.csrf) this.csrf = data.csrf;
      return data;
    }
    if (response.status === 401) throw new Failure("login", { url: data.login });
    if (response.status === 403 && data.csrf) throw new Failure("csrf");
    if (response.status === 400 || response.status === 413) throw new Failure("refused", data);
    if ([403, 404, 409, 410].includes(response.status))
      throw new Failure("closed", {
        ...data,
        state: data.state || { 403: "forbidden", 404: "deleted" }[response.status],
      });
    throw new Failure("offline", { error: `${response.status}` });
  }

  get(url) {
    return this.request(url);
  }

  post(url, body) {
    return this.request(url, {
      method: "POST",
      body,
      headers: { "Content-Type": "application/json", "X-CSRFToken": this.csrf },
      keepalive: new Blob([body]).size < SMALL,
    });
  }

  /** The pickable organisations, persons, groups and sets, asked for once. */
  pickable(url) {
    this.parties ??= this.get(url).then(
      (data) => data,
      (error) => {
        this.parties = undefined;
        throw error;
      },
    );
    return this.parties;
  }
}
