/** A book of the library. */
export interface Book {
  readonly id: number;
  readonly title: string;
  readonly author: string;
  /** In which it was first published, or finished where nobody published. */
  readonly year: number;
  /** In which it was written. */
  readonly language: string;
}

/** Where nobody has a right in the text any more. By author, then by year. */
const LIST = `
Little Women | Louisa May Alcott | 1868 | English
The Divine Comedy | Dante Alighieri | 1321 | Italian
Winesburg, Ohio | Sherwood Anderson | 1919 | English
Sense and Sensibility | Jane Austen | 1811 | English
Pride and Prejudice | Jane Austen | 1813 | English
Mansfield Park | Jane Austen | 1814 | English
Emma | Jane Austen | 1815 | English
Persuasion | Jane Austen | 1817 | English
Eugénie Grandet | Honoré de Balzac | 1833 | French
Father Goriot | Honoré de Balzac | 1835 | French
Peter and Wendy | J. M. Barrie | 1911 | English
The Wonderful Wizard of Oz | L. Frank Baum | 1900 | English
The Decameron | Giovanni Boccaccio | 1353 | Italian
Agnes Grey | Anne Brontë | 1847 | English
Jane Eyre | Charlotte Brontë | 1847 | English
Villette | Charlotte Brontë | 1853 | English
Wuthering Heights | Emily Brontë | 1847 | English
The Secret Garden | Frances Hodgson Burnett | 1911 | English
Alice’s Adventures in Wonderland | Lewis Carroll | 1865 | English
Through the Looking-Glass | Lewis Carroll | 1871 | English
My Ántonia | Willa Cather | 1918 | English
Don Quixote | Miguel de Cervantes | 1605 | Spanish
The Canterbury Tales | Geoffrey Chaucer | 1400 | English
The Cherry Orchard | Anton Chekhov | 1904 | Russian
The Man Who Was Thursday | G. K. Chesterton | 1908 | English
The Awakening | Kate Chopin | 1899 | English
The Moonstone | Wilkie Collins | 1868 | English
The Adventures of Pinocchio | Carlo Collodi | 1883 | Italian
Heart of Darkness | Joseph Conrad | 1899 | English
Lord Jim | Joseph Conrad | 1900 | English
The Last of the Mohicans | James Fenimore Cooper | 1826 | English
The Red Badge of Courage | Stephen Crane | 1895 | English
Robinson Crusoe | Daniel Defoe | 1719 | English
Moll Flanders | Daniel Defoe | 1722 | English
Oliver Twist | Charles Dickens | 1838 | English
David Copperfield | Charles Dickens | 1850 | English
Bleak House | Charles Dickens | 1853 | English
A Tale of Two Cities | Charles Dickens | 1859 | English
Great Expectations | Charles Dickens | 1861 | English
Crime and Punishment | Fyodor Dostoevsky | 1866 | Russian
The Idiot | Fyodor Dostoevsky | 1869 | Russian
The Brothers Karamazov | Fyodor Dostoevsky | 1880 | Russian
A Study in Scarlet | Arthur Conan Doyle | 1887 | English
The Hound of the Baskervilles | Arthur Conan Doyle | 1902 | English
The Souls of Black Folk | W. E. B. Du Bois | 1903 | English
The Three Musketeers | Alexandre Dumas | 1844 | French
The Count of Monte Cristo | Alexandre Dumas | 1846 | French
The Mill on the Floss | George Eliot | 1860 | English
Middlemarch | George Eliot | 1871 | English
The Great Gatsby | F. Scott Fitzgerald | 1925 | English
Madame Bovary | Gustave Flaubert | 1857 | French
Sentimental Education | Gustave Flaubert | 1869 | French
Effi Briest | Theodor Fontane | 1895 | German
A Room with a View | E. M. Forster | 1908 | English
Howards End | E. M. Forster | 1910 | English
North and South | Elizabeth Gaskell | 1855 | English
The Yellow Wallpaper | Charlotte Perkins Gilman | 1892 | English
The Sorrows of Young Werther | Johann Wolfgang von Goethe | 1774 | German
Faust | Johann Wolfgang von Goethe | 1808 | German
Dead Souls | Nikolai Gogol | 1842 | Russian
The Wind in the Willows | Kenneth Grahame | 1908 | English
Hunger | Knut Hamsun | 1890 | Norwegian
Far from the Madding Crowd | Thomas Hardy | 1874 | English
Tess of the d’Urbervilles | Thomas Hardy | 1891 | English
The Scarlet Letter | Nathaniel Hawthorne | 1850 | English
Les Misérables | Victor Hugo | 1862 | French
A Doll’s House | Henrik Ibsen | 1879 | Norwegian
The Legend of Sleepy Hollow | Washington Irving | 1820 | English
The Portrait of a Lady | Henry James | 1881 | English
The Turn of the Screw | Henry James | 1898 | English
Three Men in a Boat | Jerome K. Jerome | 1889 | English
Dubliners | James Joyce | 1914 | English
Ulysses | James Joyce | 1922 | English
The Metamorphosis | Franz Kafka | 1915 | German
The Trial | Franz Kafka | 1925 | German
The Jungle Book | Rudyard Kipling | 1894 | English
Kim | Rudyard Kipling | 1901 | English
Dangerous Liaisons | Pierre Choderlos de Laclos | 1782 | French
Gösta Berling’s Saga | Selma Lagerlöf | 1891 | Swedish
Sons and Lovers | D. H. Lawrence | 1913 | English
The Phantom of the Opera | Gaston Leroux | 1910 | French
The Call of the Wild | Jack London | 1903 | English
White Fang | Jack London | 1906 | English
The Posthumous Memoirs of Brás Cubas | Machado de Assis | 1881 | Portuguese
Buddenbrooks | Thomas Mann | 1901 | German
The Betrothed | Alessandro Manzoni | 1827 | Italian
Bel Ami | Guy de Maupassant | 1885 | French
Moby-Dick | Herman Melville | 1851 | English
Anne of Green Gables | L. M. Montgomery | 1908 | English
I Am a Cat | Natsume Sōseki | 1905 | Japanese
Kokoro | Natsume Sōseki | 1914 | Japanese
The Railway Children | E. Nesbit | 1906 | English
Swann’s Way | Marcel Proust | 1913 | French
Eugene Onegin | Alexander Pushkin | 1833 | Russian
The Maias | Eça de Queirós | 1888 | Portuguese
Cyrano de Bergerac | Edmond Rostand | 1897 | French
Ivanhoe | Walter Scott | 1819 | English
Black Beauty | Anna Sewell | 1877 | English
Hamlet | William Shakespeare | 1603 | English
Frankenstein | Mary Shelley | 1818 | English
Heidi | Johanna Spyri | 1881 | German
The Red and the Black | Stendhal | 1830 | French
Tristram Shandy | Laurence Sterne | 1759 | English
Treasure Island | Robert Louis Stevenson | 1883 | English
Strange Case of Dr Jekyll and Mr Hyde | Robert Louis Stevenson | 1886 | English
Dracula | Bram Stoker | 1897 | English
Uncle Tom’s Cabin | Harriet Beecher Stowe | 1852 | English
The Red Room | August Strindberg | 1879 | Swedish
Gulliver’s Travels | Jonathan Swift | 1726 | English
Vanity Fair | William Makepeace Thackeray | 1848 | English
Walden | Henry David Thoreau | 1854 | English
War and Peace | Leo Tolstoy | 1869 | Russian
Anna Karenina | Leo Tolstoy | 1878 | Russian
Fathers and Sons | Ivan Turgenev | 1862 | Russian
The Adventures of Tom Sawyer | Mark Twain | 1876 | English
Adventures of Huckleberry Finn | Mark Twain | 1884 | English
Twenty Thousand Leagues Under the Seas | Jules Verne | 1870 | French
Around the World in Eighty Days | Jules Verne | 1873 | French
Candide | Voltaire | 1759 | French
The Time Machine | H. G. Wells | 1895 | English
The War of the Worlds | H. G. Wells | 1898 | English
The House of Mirth | Edith Wharton | 1905 | English
The Age of Innocence | Edith Wharton | 1920 | English
The Picture of Dorian Gray | Oscar Wilde | 1890 | English
The Importance of Being Earnest | Oscar Wilde | 1895 | English
Mrs Dalloway | Virginia Woolf | 1925 | English
Thérèse Raquin | Émile Zola | 1867 | French
Germinal | Émile Zola | 1885 | French
`;

/** All of them. */
export const BOOKS: readonly Book[] = LIST.trim()
  .split("\n")
  .map((line, index) => {
    const [title = "", author = "", year = "", language = ""] = line.split(" | ");
    return { id: index + 1, title, author, year: Number(year), language };
  });
