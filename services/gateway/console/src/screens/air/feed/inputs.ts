// Cameras and microphones of this computer.

export interface Input {
  id: string;
  label: string;
}

export interface Inputs {
  cameras: readonly Input[];
  microphones: readonly Input[];
}

export interface Opened {
  stream: MediaStream;
  inputs: Inputs;
}

/** Why there is no picture: each has a sentence in the catalogue, `feed.problem.<reason>`. */
export type Reason = "insecure" | "none" | "denied" | "busy" | "gone" | "unknown";

export class InputProblem extends Error {
  constructor(readonly reason: Reason) {
    super(reason);
  }
}

export const NO_INPUTS: Inputs = { cameras: [], microphones: [] };

export const isObs = (input: Input) => /obs virtual camera/i.test(input.label);

/** The camera or microphone to use: the one chosen by hand while it is there, else the OBS Virtual Camera, else the first. */
export function preferred(inputs: readonly Input[], chosen: string): string {
  const found = inputs.find((one) => one.id === chosen) ?? inputs.find(isObs) ?? inputs[0];
  return found?.id ?? "";
}

/** What is plugged in. Names are empty until the browser has once been allowed to use a camera or a microphone. */
export async function listInputs(): Promise<Inputs> {
  const found = (await navigator.mediaDevices?.enumerateDevices()) ?? [];
  const of = (kind: MediaDeviceKind) =>
    found.filter((one) => one.kind === kind).map((one) => ({ id: one.deviceId, label: one.label }));
  return { cameras: of("videoinput"), microphones: of("audioinput") };
}

export const isNamed = (inputs: Inputs) => [...inputs.cameras, ...inputs.microphones].some((one) => one.label !== "");

export const stop = (stream: MediaStream) => stream.getTracks().forEach((track) => track.stop());

/** Opens the chosen camera and microphone, or those that `preferred` names. Raises `InputProblem`. */
export async function openInputs(camera: string, microphone: string): Promise<Opened> {
  try {
    return await open(camera, microphone);
  } catch (error) {
    throw error instanceof InputProblem ? error : new InputProblem(reasonOf(error));
  }
}

async function open(camera: string, microphone: string): Promise<Opened> {
  // Browsers hand out cameras only on https and on the computer itself.
  if (!navigator.mediaDevices) throw new InputProblem("insecure");
  let inputs = await listInputs();
  const wanted = { video: inputs.cameras.length > 0, audio: inputs.microphones.length > 0 };
  if (!wanted.video && !wanted.audio) throw new InputProblem("none");
  if (!isNamed(inputs)) {
    // OBS is known by its name, and names are told only after the permission.
    stop(await navigator.mediaDevices.getUserMedia(wanted));
    inputs = await listInputs();
  }
  const one = (id: string) => (id ? { deviceId: { exact: id } } : false);
  const stream = await navigator.mediaDevices.getUserMedia({
    video: one(preferred(inputs.cameras, camera)),
    audio: one(preferred(inputs.microphones, microphone)),
  });
  return { stream, inputs };
}

const REASONS: Record<string, Reason> = {
  NotAllowedError: "denied",
  SecurityError: "denied",
  NotFoundError: "none",
  NotReadableError: "busy",
  AbortError: "busy",
  OverconstrainedError: "gone",
};

const reasonOf = (error: unknown): Reason => (error instanceof Error && REASONS[error.name]) || "unknown";
