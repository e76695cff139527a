import ArgumentParser

/// The program: parses the command line and runs what it names.
package enum Application {
    /// The version that `--version` prints.
    package static let version = "0.1.0"

    package static func main() async {
        await RootCommand.main()
    }
}
