// The camera and the microphone of this window, while they are on.

import { useEffect, useState } from "react";
import { isString, useStored } from "../../../lib/stored";
import { InputProblem, type Inputs, listInputs, NO_INPUTS, openInputs, preferred, type Reason, stop } from "./inputs";

export interface Capture {
  on: boolean;
  turn: (on: boolean) => void;
  stream: MediaStream | null;
  problem: Reason | null;
  inputs: Inputs;
  camera: string;
  microphone: string;
  chooseCamera: (id: string) => void;
  chooseMicrophone: (id: string) => void;
}

/** `allowed` false lets go of the camera whatever was wished: nobody is filmed after the LIVE has ended. */
export function useCapture(onAtFirst: boolean, allowed: boolean): Capture {
  const [wished, setOn] = useState(onAtFirst);
  const on = wished && allowed;
  const [stream, setStream] = useState<MediaStream | null>(null);
  const [problem, setProblem] = useState<Reason | null>(null);
  const [inputs, setInputs] = useState<Inputs>(NO_INPUTS);
  const [camera, chooseCamera] = useStored("camera", "", isString);
  const [microphone, chooseMicrophone] = useStored("microphone", "", isString);

  useEffect(() => {
    const read = () => void listInputs().then(setInputs, () => undefined);
    read();
    navigator.mediaDevices?.addEventListener("devicechange", read);
    return () => navigator.mediaDevices?.removeEventListener("devicechange", read);
  }, []);

  useEffect(() => {
    if (!on) return undefined;
    let current = true;
    let opened: MediaStream | null = null;
    const fail = (reason: Reason) => {
      if (!current) return;
      setProblem(reason);
      setOn(false);
    };
    setProblem(null);
    openInputs(camera, microphone).then(
      (found) => {
        if (!current) return stop(found.stream);
        opened = found.stream;
        setInputs(found.inputs);
        setStream(opened);
        // Told only when something else ends a track: unplugged, or the permission taken back.
        opened.getTracks().forEach((track) => track.addEventListener("ended", () => fail("gone")));
      },
      (error: InputProblem) => fail(error.reason),
    );
    return () => {
      current = false;
      if (opened) stop(opened);
      setStream(null);
    };
  }, [on, camera, microphone]);

  return {
    on,
    turn: setOn,
    stream,
    problem,
    inputs,
    camera: preferred(inputs.cameras, camera),
    microphone: preferred(inputs.microphones, microphone),
    chooseCamera,
    chooseMicrophone,
  };
}
