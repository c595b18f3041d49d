import { useEffect, useState } from "react";
import { ApiError } from "@/shared/api/http";
import { fetchProfile } from "@/shared/api/requests";
import type { Profile } from "@/shared/api/schemas";
import { strings } from "@/shared/strings";

/** Who is logged in, as the broker knows him. Each further matter of the login is a section of its own below. */
export function ProfilePage() {
  const text = strings.profile;
  return (
    <section className="stack profile" aria-labelledby="profile-title">
      <h1 id="profile-title">{text.title}</h1>
      <Person />
    </section>
  );
}

function Person() {
  const text = strings.profile;
  const [profile, setProfile] = useState<Profile | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    let left = false;
    fetchProfile().then(
      (found) => {
        if (!left) {
          setProfile(found);
        }
      },
      (error: unknown) => {
        if (!left) {
          setProblem(error instanceof ApiError ? error.message : strings.errors.network);
        }
      },
    );
    return () => {
      left = true;
    };
  }, []);

  if (profile === null) {
    return problem === null ? (
      <p className="hint" role="status">
        {text.loading}
      </p>
    ) : (
      <p className="problem" role="alert">
        {problem}
      </p>
    );
  }

  const facts: [string, string][] = [
    [text.clientId, profile.user_id],
    [text.name, profile.user_name],
    [text.email, profile.email],
    [text.exchanges, profile.exchanges.join(", ")],
    [text.products, profile.products.join(", ")],
  ];
  return (
    <section className="card profile-card" aria-labelledby="person-title">
      <h2 id="person-title">{text.person}</h2>
      <dl className="facts" data-testid="profile">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value === "" ? "–" : value}</dd>
          </div>
        ))}
      </dl>
      <p className="small">{text.change}</p>
    </section>
  );
}
