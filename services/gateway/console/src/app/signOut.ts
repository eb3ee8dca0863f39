import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { access } from "../api/calls";

/** Leaves the console; nothing that was read stays in the window. */
export function useSignOut(): () => Promise<void> {
  const navigate = useNavigate();
  const cache = useQueryClient();
  return async () => {
    await access.signOut().catch(() => undefined);
    cache.clear();
    await navigate({ to: "/sign-in" });
  };
}
