import { text } from '../text.ts';
import { Problem, toProblem } from './client.ts';

export interface ImportResult {
  name: string;
  format: string;
  lines: { read: number; accepted: number; rejected: number; known: number };
  reasons: Record<string, number>;
  rejects: { line: number; reason: string; detail: string; excerpt: string }[];
  window: { from: string; to: string } | null;
  truncated: string | null;
}

export interface UploadProgress {
  /** 0–1 of the file sent. */
  sent: number;
  /** Lines the hub has stored. */
  lines: number;
}

export interface Upload {
  done: Promise<ImportResult>;
  cancel(): void;
}

/**
 * Streams one file to POST /api/v1/imports. XMLHttpRequest, because fetch tells nothing of what was sent and shows no
 * answer before the body is through. `done` rejects with a Problem, of status 0 when the connection broke and -1 when
 * it was cancelled.
 */
export function upload(
  file: File,
  options: { tenant: string; domain: string },
  onProgress: (progress: UploadProgress) => void,
): Upload {
  const parameters = new URLSearchParams({ name: file.name, tenant: options.tenant });
  if (options.domain !== '') parameters.set('domain', options.domain);
  const request = new XMLHttpRequest();
  const progress: UploadProgress = { sent: 0, lines: 0 };
  const reader = new AnswerReader((lines) => {
    progress.lines = lines;
    onProgress({ ...progress });
  });
  const done = new Promise<ImportResult>((resolve, reject) => {
    request.upload.onprogress = ({ loaded, total }) => {
      progress.sent = total > 0 ? loaded / total : 0;
      onProgress({ ...progress });
    };
    request.onprogress = () => {
      if (request.status === 200) reader.read(request.responseText);
    };
    request.onerror = () => reject(new Problem(0, text.import.failed, text.import.network));
    request.onabort = () => reject(new Problem(-1, text.import.cancelled, ''));
    request.onload = () => {
      if (request.status >= 300) return reject(toProblem(request.status, request.responseText));
      reader.read(`${request.responseText}\n`);
      if (reader.result !== undefined) resolve(reader.result);
      else reject(reader.problem ?? new Problem(request.status, text.error.unreadable, ''));
    };
    request.open('POST', `/api/v1/imports?${parameters}`);
    request.setRequestHeader('accept', 'application/x-ndjson');
    request.setRequestHeader('content-type', 'application/octet-stream');
    request.send(file);
  });
  return { done, cancel: () => request.abort() };
}

/** Reads the answer's lines as they come: progress, then the result, or a problem met on the way. */
export class AnswerReader {
  result: ImportResult | undefined;
  problem: Problem | undefined;
  private at = 0;
  private readonly onLines: (lines: number) => void;

  constructor(onLines: (lines: number) => void) {
    this.onLines = onLines;
  }

  /** `whole` is everything received so far; an unfinished last line waits. */
  read(whole: string): void {
    const end = whole.lastIndexOf('\n');
    if (end < this.at) return;
    for (const line of whole.slice(this.at, end).split('\n')) if (line.trim() !== '') this.take(line);
    this.at = end + 1;
  }

  private take(line: string): void {
    let answer: Record<string, unknown>;
    try {
      answer = JSON.parse(line) as Record<string, unknown>;
    } catch {
      return;
    }
    if (typeof answer.progress === 'object' && answer.progress !== null) {
      this.onLines(Number((answer.progress as { lines?: number }).lines ?? 0));
    } else if (typeof answer.result === 'object' && answer.result !== null) {
      this.result = answer.result as ImportResult;
    } else if ('lines' in answer && 'format' in answer) {
      this.result = answer as unknown as ImportResult;
    } else {
      const problem = (answer.problem ?? answer.error ?? answer) as { status?: number };
      this.problem = toProblem(Number(problem.status ?? 500), JSON.stringify(problem));
    }
  }
}
