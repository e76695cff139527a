/// Which pages may read responses, as the Fetch standard's CORS fields say it.
package struct CORSConfiguration: Sendable, Equatable {
    /// Who may read.
    package enum Origins: Sendable, Equatable {
        /// Every page: `*`.
        case any
        /// Pages of these origins, each as `https://example.com`; the asking one is echoed.
        case list([String])
    }

    package var origins = Origins.any
    package var methods = ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"]
    package var headers = ["Content-Type", "Authorization"]
    /// Fields of the response that a page may read; empty leaves what the backend says.
    package var exposedHeaders: [String] = []
    /// How long a browser may remember a preflight, in seconds; `nil` sends none.
    package var maxAge: Int? = 86_400
    /// Lets pages send cookies. It has no effect with ``Origins/any``: browsers refuse `*` with credentials.
    package var allowsCredentials = false

    package init() {}
}
