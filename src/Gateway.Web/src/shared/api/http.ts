import axios, { isAxiosError } from "axios";
import * as z from "zod/mini";
import { errorEnvelopeSchema, successEnvelopeSchema } from "@/shared/api/schemas";
import { endSession, reasonOf, sessionStore } from "@/shared/api/session";
import { strings } from "@/shared/strings";

/**
 * A request did not succeed. `unanswered` means that nothing is known of it: it may have been carried out.
 */
export class ApiError extends Error {
  constructor(
    message: string,
    readonly errorType: string,
    readonly status: number,
    readonly data: unknown = null,
    /** When the server wants to be asked again; null: it said nothing of that. */
    readonly retryAfterSeconds: number | null = null,
    /** The message is the server's own, in English. */
    readonly isServers = false,
  ) {
    super(message);
  }

  get unanswered(): boolean {
    return this.status === 0 || this.status >= 500;
  }
}

export interface Call {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  readonly url: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** How long to wait for an answer, in ms. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

const client = axios.create({ validateStatus: () => true, responseType: "json" });

/** Sends one request and gives the checked `data` of its envelope. Throws ApiError for everything else. */
export async function call<T>(schema: z.ZodMiniType<T>, request: Call): Promise<T> {
  const token = sessionStore.get().session?.token;
  const answer = await send(request, token);
  if (answer.status >= 200 && answer.status < 300) {
    const envelope = successEnvelopeSchema.safeParse(answer.data);
    const data = envelope.success ? schema.safeParse(envelope.data.data) : null;
    if (data?.success) {
      return data.data;
    }

    throw new ApiError(strings.errors.unreadable, "UnreadableAnswer", answer.status);
  }

  throw refusal(answer, token);
}

/** What is about the caller's own login, whosever account is open. */
const ownLogin = /^\/(session|status|user\/totp)/;

/** For which client one of the broker's people asks, and where the client's instruction is recorded. */
function actingHeaders(url: string): Readonly<Record<string, string>> {
  const account = sessionStore.get().session?.account;
  return account && account.evidence !== null && !ownLogin.test(url) ? { "X-Act-For": account.id, "X-Evidence": account.evidence } : {};
}

interface Answer {
  readonly status: number;
  readonly data: unknown;
  readonly retryAfter: unknown;
}

async function send(request: Call, token: string | undefined): Promise<Answer> {
  try {
    const { status, data, headers } = await client.request<unknown>({
      method: request.method,
      url: request.url,
      data: request.body,
      timeout: request.timeoutMs ?? 8000,
      headers: { ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }), ...actingHeaders(request.url), ...request.headers },
      ...(request.signal === undefined ? {} : { signal: request.signal }),
    });
    return { status, data, retryAfter: headers["retry-after"] };
  } catch (error) {
    if (isAxiosError(error)) {
      throw new ApiError(strings.errors.network, "NetworkException", 0);
    }

    throw error;
  }
}

function refusal({ status, data, retryAfter }: Answer, token: string | undefined): ApiError {
  const envelope = errorEnvelopeSchema.safeParse(data);
  const type = envelope.success ? (envelope.data.error_type ?? "") : "";
  const told = envelope.success ? envelope.data.message : "";
  if (token !== undefined && token === sessionStore.get().session?.token && (status === 401 || (status === 403 && type === "TokenException"))) {
    endSession(reasonOf(told));
  }

  const busy = status === 429 || status === 503;
  const wait = Number(retryAfter);
  return new ApiError(
    told || (busy ? strings.errors.busy : strings.errors.network),
    type,
    status,
    envelope.success ? envelope.data.data : null,
    wait > 0 ? wait : null,
    told !== "",
  );
}
