// Sends a file as it is, and tells how far it is: `fetch` does not.

import { newId, Problem, problemOf, type Query, url } from "./client";

export interface Upload<T> {
  done: Promise<T>;
  cancel: () => void;
}

/** `onProgress` is told the share that has been sent, from 0 to 1. */
export function upload<T>(path: string, file: Blob, onProgress: (share: number) => void, query: Query = {}): Upload<T> {
  const request = new XMLHttpRequest();
  request.open("POST", url(path, query));
  request.setRequestHeader("Accept", "application/json");
  request.setRequestHeader("Content-Type", "application/octet-stream");
  request.setRequestHeader("X-Showfloor-Console", "1");
  request.setRequestHeader("Idempotency-Key", newId());
  request.upload.onprogress = ({ loaded, total }) => onProgress(total ? loaded / total : 0);
  const done = new Promise<T>((resolve, reject) => {
    request.onload = () => {
      const answer = new Response(request.responseText, { status: request.status });
      if (answer.ok) answer.json().then(resolve, reject);
      else problemOf(answer).then(reject, reject);
    };
    request.onerror = () => reject(new Problem(0, "UNREACHABLE", ""));
    request.onabort = () => reject(new Problem(0, "ABORTED", ""));
  });
  request.send(file);
  return { done, cancel: () => request.abort() };
}
