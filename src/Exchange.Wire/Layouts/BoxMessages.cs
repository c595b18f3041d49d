namespace Backup.Exchange.Wire.Layouts;

/// <summary>2400: asks the Gateway Router for a gateway (NSE-TAP.md 3.7).</summary>
public static class RouterRequest
{
    private static readonly StructureBuilder S = new("MS_GR_REQUEST", MessageHeader.Layout);

    public static readonly Int16Field BoxId = S.I16(40);
    public static readonly TextField BrokerId = S.Text(42, 5);
    public static readonly RawField Filler = S.Raw(47, 1);

    public static readonly StructureLayout Layout = S.Build(48);
}

/// <summary>2401 of a CLEAR link: gateway and session key, no cipher (NSE-TAP.md 2.4, N1).</summary>
public static class RouterResponseClear
{
    private static readonly StructureBuilder S = new("MS_GR_RESPONSE_LEGACY_76", MessageHeader.Layout);

    public static readonly Int16Field BoxId = S.I16(40);
    public static readonly TextField BrokerId = S.Text(42, 5);
    public static readonly RawField Filler = S.Raw(47, 1);
    public static readonly TextField IpAddress = S.Text(48, 16);
    public static readonly Int32Field Port = S.I32(64);
    public static readonly RawField SessionKey = S.Raw(68, 8);

    public static readonly StructureLayout Layout = S.Build(76);
}

/// <summary>2401 of a link with the existing cipher (NSE-TAP.md 3.7).</summary>
public static class RouterResponseExisting
{
    private static readonly StructureBuilder S = new("MS_GR_RESPONSE_124", MessageHeader.Layout);

    public static readonly Int16Field BoxId = S.I16(40);
    public static readonly TextField BrokerId = S.Text(42, 5);
    public static readonly RawField Filler = S.Raw(47, 1);
    public static readonly TextField IpAddress = S.Text(48, 16);
    public static readonly Int32Field Port = S.I32(64);
    public static readonly RawField SessionKey = S.Raw(68, 8);
    public static readonly RawField CryptographicKey = S.Raw(76, 32);
    public static readonly RawField CryptographicIV = S.Raw(108, 16);

    public static readonly StructureLayout Layout = S.Build(124);
}

/// <summary>2401 of a link with the new cipher (NSE-TAP.md 3.7).</summary>
public static class RouterResponseNew
{
    private static readonly StructureBuilder S = new("MS_GR_RESPONSE_136", MessageHeader.Layout);

    public static readonly Int16Field BoxId = S.I16(40);
    public static readonly TextField BrokerId = S.Text(42, 5);
    public static readonly RawField Filler = S.Raw(47, 1);
    public static readonly TextField IpAddress = S.Text(48, 16);
    public static readonly Int32Field Port = S.I32(64);
    public static readonly RawField SessionKey = S.Raw(68, 8);
    public static readonly RawField CryptographicKey = S.Raw(76, 32);
    public static readonly RawField StaticIV = S.Raw(108, 8);
    public static readonly Int64Field DynamicIV = S.I64(116);
    public static readonly RawField AdditionalKey = S.Raw(124, 12);

    public static readonly StructureLayout Layout = S.Build(136);
}

/// <summary>23008: names the box before the cipher starts (NSE-TAP.md 3.7).</summary>
public static class BoxRegistrationRequest
{
    private static readonly StructureBuilder S = new("MS_SECURE_BOX_REGISTRATION_REQUEST_IN", MessageHeader.Layout);

    public static readonly Int16Field BoxId = S.I16(40);

    public static readonly StructureLayout Layout = S.Build(42);
}

/// <summary>23009: the gateway knows the box (NSE-TAP.md 3.7).</summary>
public static class BoxRegistrationResponse
{
    private static readonly StructureBuilder S = new("MS_SECURE_BOX_REGISTRATION_RESPONSE_OUT", MessageHeader.Layout);

    public static readonly StructureLayout Layout = S.Build(40);
}

/// <summary>23000: signs the box on with its session key (NSE-TAP.md 3.7).</summary>
public static class BoxSignOnRequest
{
    private static readonly StructureBuilder S = new("MS_BOX_SIGN_ON_REQUEST_IN", MessageHeader.Layout);

    public static readonly Int16Field BoxId = S.I16(40);
    public static readonly TextField BrokerId = S.Text(42, 5);
    public static readonly RawField Reserved = S.Raw(47, 5);
    public static readonly RawField SessionKey = S.Raw(52, 8);

    public static readonly StructureLayout Layout = S.Build(60);
}

/// <summary>23001: the box is on, or the error in the header (NSE-TAP.md 3.7).</summary>
public static class BoxSignOnResponse
{
    private static readonly StructureBuilder S = new("MS_BOX_SIGN_ON_REQUEST_OUT", MessageHeader.Layout);

    public static readonly Int16Field BoxId = S.I16(40);
    public static readonly RawField Reserved = S.Raw(42, 10);

    public static readonly StructureLayout Layout = S.Build(52);
}

/// <summary>20322: the exchange ends the box session; the reason is the error code (NSE-TAP.md 3.7).</summary>
public static class BoxSignOff
{
    private static readonly StructureBuilder S = new("MS_BOX_SIGN_OFF", MessageHeader.Layout);

    public static readonly Int16Field BoxId = S.I16(40);

    public static readonly StructureLayout Layout = S.Build(42);
}
