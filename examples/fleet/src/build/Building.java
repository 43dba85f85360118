/** Says at once that something is going on: with an empty Maven repository the build takes minutes. */
class Building {
  public static void main(String[] args) {
    System.out.println("building… (a first build downloads its libraries and takes a few minutes)");
  }
}
