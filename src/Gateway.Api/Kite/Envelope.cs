using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Backup.Gateway.Api.Kite;

/// <summary>Kite Connect's envelope around every yes.</summary>
/// <param name="Status">Always success.</param>
/// <param name="Data">What was asked for.</param>
public sealed record Success<T>([property: AllowedValues("success")] string Status, T Data)
    where T : notnull;

/// <summary>Kite Connect's envelope around every no.</summary>
/// <param name="Status">Always error.</param>
/// <param name="Message">A plain sentence that may be shown to the client.</param>
/// <param name="ErrorType">One of Kite's error types, or our ReduceOnlyException.</param>
/// <param name="Data">The facts that decided, where there are any.</param>
public sealed record Failure([property: AllowedValues("error")] string Status, string Message, string ErrorType, object? Data);

/// <summary>Puts the envelope around an answer.</summary>
public static class Envelope
{
    public static IResult Data<T>(T data)
        where T : notnull => Results.Json(new Success<T>("success", data), GatewayJson.Options);

    /// <param name="errorType">One of Kite's error types, or our ReduceOnlyException.</param>
    public static IResult Refuse(int status, string errorType, string message, object? data = null) =>
        Results.Json(new Failure("error", message, errorType, data), GatewayJson.Options, statusCode: status);

    /// <summary>A no that may be a yes later: the header Retry-After says when, in whole seconds, rounded up.</summary>
    public static IResult RefuseFor(TimeSpan wait, int status, string errorType, string message, object? data = null) => new Later(Refuse(status, errorType, message, data), wait);

    public static IResult NoSuchOrder(string orderId) =>
        Refuse(StatusCodes.Status404NotFound, "OrderException", $"There is no order {orderId} in this account.");

    public static IResult InputError(string message) => Refuse(StatusCodes.Status400BadRequest, "InputException", message);

    private sealed class Later(IResult inner, TimeSpan wait) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            return inner.ExecuteAsync(httpContext);
        }
    }
}
