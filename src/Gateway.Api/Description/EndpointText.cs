using System.Collections.Immutable;
using Backup.Gateway.Api.Kite;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Backup.Gateway.Api.Description;

/// <summary>What the API's document says of one endpoint, beside what its route and its examples say already.</summary>
/// <param name="Id">Names the operation for generated clients.</param>
/// <param name="Summary">A few words.</param>
/// <param name="About">Plain sentences.</param>
internal sealed record EndpointText(string Id, string Summary, string About)
{
    /// <summary>What the data of a yes may be; empty where the answer is no JSON.</summary>
    internal Type[] Answers { get; init; } = [];

    /// <summary>The fields that a handler reads by itself, from JSON or a form; null where the framework reads the body.</summary>
    internal Type? Fields { get; init; }

    /// <summary>What a yes is where it is no JSON.</summary>
    internal string? MediaType { get; private init; }

    /// <summary>Bodies by what they do; a test sends each and is answered with yes.</summary>
    internal ImmutableArray<(string Does, string Body)> Requests { get; private init; } = [];

    /// <summary>It asks the account, so it may also get no answer.</summary>
    internal bool IsOfAccount { get; private init; } = true;

    internal EndpointText AnswersIn(string mediaType) => this with { MediaType = mediaType };

    internal EndpointText AsksNoAccount() => this with { IsOfAccount = false };

    internal EndpointText Example(string does, string body) => this with { Requests = Requests.Add((does, body)) };

    internal EndpointText Gives<T>() => this with { Answers = [.. Answers, typeof(T)] };

    internal EndpointText Takes<T>() => this with { Fields = typeof(T) };
}

/// <summary>
/// Hands the types of an endpoint to the framework, which makes named schemas of nothing but bodies and answers that it sees. Fields that a
/// handler reads by itself, and a second kind of yes, are shown to it as answers under statuses of their own, which
/// <see cref="DescribedOperation"/> takes away again.
/// </summary>
internal static class DescribedEndpoint
{
    internal const int FirstYes = 200;
    internal const int FieldsStatus = 299;

    internal static void Describe(this RouteHandlerBuilder endpoint, EndpointText text)
    {
        endpoint.WithMetadata(text);
        for (var at = 0; at < text.Answers.Length; at++)
        {
            Show(endpoint, FirstYes + at, typeof(Success<>).MakeGenericType(text.Answers[at]));
        }

        if (text.Fields is not null)
        {
            Show(endpoint, FieldsStatus, text.Fields);
        }
    }

    private static void Show(RouteHandlerBuilder endpoint, int status, Type type) => endpoint.WithMetadata(new ProducesResponseTypeMetadata(status, type, ["application/json"]));
}
