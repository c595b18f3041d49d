namespace Backup.Exchange.Wire;

/// <summary>Bytes that no correct sender of this protocol would have written; the message says what was expected and what was found.</summary>
public sealed class WireFormatException(string message) : Exception(message);
