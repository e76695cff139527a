extension Settings {
    /// What the deploy checks leave out.
    static let checks = [
        Setting(
            "checks.ignore_keys", .list("names", "names of JSON members", where: { !$0.isEmpty }),
            \.console.ignoredKeys,
            "JSON members that may differ when the checks compare the responses of two backends, like `\"time\"`; at any depth"
        ).takenOver
    ]
}
