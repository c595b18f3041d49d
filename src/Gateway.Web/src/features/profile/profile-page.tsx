import { fetchProfile } from "@/shared/api/requests";
import { strings } from "@/shared/strings";
import { Problem } from "@/shared/ui/problem";
import { AuthenticatorCard } from "./authenticator-card";
import { LoginsCard } from "./logins-card";
import { useAnswer } from "./use-answer";

/** Who is logged in, as the broker knows him, where else, and with what. */
export function ProfilePage() {
  const text = strings.profile;
  return (
    <section className="stack profile" aria-labelledby="profile-title">
      <h1 id="profile-title">{text.title}</h1>
      <Person />
      <LoginsCard />
      <AuthenticatorCard />
    </section>
  );
}

function Person() {
  const text = strings.profile;
  const { answer: profile, trouble } = useAnswer(fetchProfile);
  if (profile === null) {
    return trouble === null ? (
      <p className="hint" role="status">
        {text.loading}
      </p>
    ) : (
      <Problem trouble={trouble} />
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
