//! What is wrong with an address.

/// Why an address was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddressProblem {
    /// Not an absolute address.
    Malformed,
    /// A scheme that could run code or read files, or plain http on a public host (OA-05).
    Scheme,
    /// Plain http on a private network, which an application may use for a reason only.
    PrivateHttp,
    /// A custom scheme without a dot, which an application may use for a reason only (RFC 8252 section 7.1).
    UndottedScheme,
    /// Letters outside ASCII; [`super::ascii_of`] says how browsers send it.
    NotAscii,
    /// It has a `#fragment`.
    Fragment,
    /// It has a username or password.
    UserInfo,
    /// A wildcard or other pattern.
    Pattern,
    /// It has a path or query where only scheme, host and port may stand.
    Path,
    /// An IP address, which cannot be the name passkeys belong to.
    IpAddress,
    /// Plain http on a name other than localhost.
    NeedsHttps,
    /// Longer than 2 000 characters.
    TooLong,
}
