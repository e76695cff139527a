import CommandLineArguments
import Glibc
import OperatingSystem

/// The program: reads the command line and runs what it names.
package enum Application {
    /// The version that `--version` prints.
    package static let version = "0.1.0"

    /// Runs the program on other threads; this one, the process's first, waits for signals until the end.
    package static func main() -> Never {
        // Before any other thread is there: a blocked signal then waits for this thread.
        SignalWatch.process.block()
        Self.holdStandardDescriptors()
        // A reader that goes away is an error of one write, not the end of the process.
        signal(SIGPIPE, SIG_IGN)
        Task.detached {
            let exitCode = await Self.run(Self.arguments())
            exit(exitCode)
        }
        SignalWatch.process.wait()
    }

    /// A standard descriptor that is closed would be given to the next file or socket, and what is printed go there.
    private static func holdStandardDescriptors() {
        for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 {
            // Messages have nobody who reads them; data that cannot be written is said to be lost.
            _ = open("/dev/null", descriptor == STDERR_FILENO ? O_WRONLY : O_RDONLY)
        }
    }

    /// - Parameter arguments: The bytes of each, without the program's name.
    /// - Returns: The exit code.
    private static func run(_ arguments: [[UInt8]]) async -> Int32 {
        let environment = ProcessEnvironment.current()
        let shell = environment["SHELL"]
        let language = LanguageOption.choose(from: arguments, environment: environment)
        do throws(CommandFailure) {
            let columns = StandardOutput.columns
            switch Commands.program.request(arguments, columns: columns, shell: shell, language: language) {
            case .print(let text): try StandardOutput.write(text)
            case .run(let command):
                try await StartingDescriptors.secure()
                try await command.run()
            case .refuse(let lines):
                for line in lines { StandardError.print(line) }
                return Program.usageExitCode
            }
            return 0
        } catch {
            if let message = error.message { StandardError.say(message) }
            return error.exitCode
        }
    }

    private static func arguments() -> [[UInt8]] {
        (1..<max(1, Int(CommandLine.argc))).map { index in
            // The system gives `argc` texts that end with a zero byte and stay where they are (execve(2)).
            guard let text = CommandLine.unsafeArgv[index] else { return [] }
            return Array(UnsafeRawBufferPointer(start: text, count: strlen(text)))
        }
    }
}
