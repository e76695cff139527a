/// A program for python3 that runs a Worker on small stand-ins for what Cloudflare's runtime gives it.
///
/// It gets a job as JSON on its input (sources, variables, requests, the port of a backend) and writes a line of JSON for
/// each request. What the stand-ins lack ends a request with the name of it, never with a guess.
enum ParityScript {
    static let text =
        [Self.values, Self.messages, Self.urls, Self.sdk, Self.isolation].joined(separator: "\n\n\n") + "\n"
}
