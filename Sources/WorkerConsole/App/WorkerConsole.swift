import Application

@main
enum WorkerConsole {
    static func main() async {
        print(ApplicationModule.name)
    }
}
