using Microsoft.AspNetCore.Http;

namespace Backup.Gateway.Api.Kite;

/// <summary>Kite Connect's envelope around every answer.</summary>
public static class Envelope
{
    public static IResult Data(object? data) => Results.Json(new { Status = "success", Data = data }, GatewayJson.Options);

    /// <param name="errorType">One of Kite's error types, or our ReduceOnlyException.</param>
    public static IResult Refuse(int status, string errorType, string message, object? data = null) =>
        Results.Json(new { Status = "error", Message = message, ErrorType = errorType, Data = data }, GatewayJson.Options, statusCode: status);

    public static IResult InputError(string message) => Refuse(StatusCodes.Status400BadRequest, "InputException", message);
}
