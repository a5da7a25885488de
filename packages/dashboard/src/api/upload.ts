import type { ImportEvent, ImportResult } from '@vedette/contract';
import { text } from '../text.ts';
import { Problem, toProblem } from './client.ts';

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
    request.upload.addEventListener('progress', ({ loaded, total }) => {
      progress.sent = total > 0 ? loaded / total : 0;
      onProgress({ ...progress });
    });
    request.addEventListener('progress', () => {
      if (request.status === 200) reader.read(request.responseText);
    });
    request.addEventListener('error', () => reject(new Problem(0, text.import.failed, text.import.network)));
    request.addEventListener('abort', () => reject(new Problem(-1, text.import.cancelled, '')));
    request.addEventListener('load', () => {
      if (request.status >= 300) return reject(toProblem(request.status, request.responseText));
      reader.read(`${request.responseText}\n`);
      if (reader.result !== undefined) resolve(reader.result);
      else reject(reader.problem ?? new Problem(request.status, text.error.unreadable, ''));
    });
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
    let event: ImportEvent;
    try {
      event = JSON.parse(line) as ImportEvent;
    } catch {
      return;
    }
    if ('progress' in event) this.onLines(event.progress.lines);
    else if ('result' in event) this.result = event.result;
    else if ('error' in event) this.problem = toProblem(event.error.status, JSON.stringify(event.error));
  }
}
